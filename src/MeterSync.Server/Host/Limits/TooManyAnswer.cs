using MeterSync.Kernel;
using MeterSync.Kernel.Limits;
using MeterSync.Kernel.Web;

namespace MeterSync.Host.Limits;

/// <summary>Answers 429, counts it, and logs the first of a window.</summary>
internal sealed class TooManyAnswer(LimitMeter meter, TimeProvider clock, ILogger<TooManyAnswer> log)
{
    public Task WriteAsync(HttpContext context, Allowance allowance, RateCount count)
    {
        meter.CountRefusal(allowance.Reason);
        if (count.Count == allowance.Limit + 1)
        {
            var caller = context.RequestServices.GetRequiredService<CallerAccessor>().Known;
            log.LogWarning("{Address}, {Caller}, reached the limit {Reason} of {Limit} requests; it is refused until {Until}", RateSubject.Say(context.Connection.RemoteIpAddress), caller?.Name ?? "nobody signed in", allowance.Reason, allowance.Limit, count.EndsAt);
        }

        var seconds = Math.Max(1, (int)Math.Ceiling((count.EndsAt - clock.GetUtcNow()).TotalSeconds));
        RateStanding.Write(context.Response, allowance, count);
        return ProblemAnswer.WriteAsync(context, KernelProblems.TooMany.Because($"Too many requests: {allowance.Words}. Try again in {seconds} s.") with { RetryAfterSeconds = seconds });
    }
}
