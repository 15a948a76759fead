using System.Globalization;
using MeterSync.Kernel.Limits;

namespace MeterSync.Host.Limits;

/// <summary>Tells callers how they stand: X-RateLimit-Limit, -Remaining and -Reset. Written when the answer starts, because a failure clears what was set before.</summary>
internal sealed class RateStanding(HttpResponse response, Allowance allowance, RateCount count)
{
    public const string Limit = "X-RateLimit-Limit";
    public const string Remaining = "X-RateLimit-Remaining";
    public const string Reset = "X-RateLimit-Reset";

    public static void Tell(HttpResponse response, Allowance allowance, RateCount count) =>
        response.OnStarting(static state => ((RateStanding)state).WriteAsync(), new RateStanding(response, allowance, count));

    private Task WriteAsync()
    {
        Write(response, allowance, allowance.CountsSuccessesOnly && response.StatusCode >= StatusCodes.Status400BadRequest ? count with { Count = count.Count - 1 } : count);
        return Task.CompletedTask;
    }

    public static void Write(HttpResponse response, Allowance allowance, RateCount count)
    {
        var headers = response.Headers;
        headers[Limit] = allowance.Limit.ToString(CultureInfo.InvariantCulture);
        headers[Remaining] = Math.Max(0, allowance.Limit - count.Count).ToString(CultureInfo.InvariantCulture);
        headers[Reset] = ((count.EndsAt.ToUnixTimeMilliseconds() + 999) / 1000).ToString(CultureInfo.InvariantCulture);
    }
}
