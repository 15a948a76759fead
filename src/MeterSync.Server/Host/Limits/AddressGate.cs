using MeterSync.Host.Auth;
using MeterSync.Kernel;
using MeterSync.Kernel.Limits;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Settings.Public;
using Microsoft.AspNetCore.Http.Features;

namespace MeterSync.Host.Limits;

/// <summary>Stands before the gate that finds out who calls: refuses addresses on the block list, and counts requests without a valid sign-in (401)
/// as anonymous ones of their address. An address that has used up its anonymous requests gets 429 in place of 401; callers with
/// a valid sign-in go on from there, so that one phone with an old token does not lock out the office it stands in.</summary>
internal sealed class AddressGate(RequestDelegate next, IRateCounters counters, IRateLimits limits, TooManyAnswer tooMany, LimitMeter meter)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<LocalOperatorConnection>() is not null)
        {
            return next(context);
        }

        var current = limits.Current;
        var address = context.Connection.RemoteIpAddress;
        if (current.Blocked.Count > 0 && address is not null && current.Blocked.Contains(address))
        {
            meter.CountRefusal("blocked");
            return ProblemAnswer.WriteAsync(context, KernelProblems.AddressBlocked.Because("Requests from this address are refused. Ask whoever runs this server."));
        }

        var allowance = Allowance.OfAnonymous(current, address);
        return current.Enabled && allowance.Limit > 0 ? WatchAsync(context, allowance) : next(context);
    }

    private async Task WatchAsync(HttpContext context, Allowance allowance)
    {
        var before = await counters.ReadAsync(allowance.Key, allowance.Window);
        if (before.Count < allowance.Limit)
        {
            context.Response.OnStarting(static state => ((Watch)state).CountAsync(), new Watch(context, counters, allowance));
            await next(context);
            return;
        }

        var answer = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var body = new WithheldRefusal(context, answer);
        context.Features.Set<IHttpResponseBodyFeature>(body);
        try
        {
            await next(context);
        }
        finally
        {
            context.Features.Set(answer);
        }

        if (body.Withheld)
        {
            context.Response.Headers.WWWAuthenticate = default;
            await tooMany.WriteAsync(context, allowance, await counters.AddAsync(allowance.Key, 1, allowance.Window));
        }
    }

    /// <summary>Whether the request was refused because nobody valid was seen to call.</summary>
    internal static bool IsUnauthenticated(HttpContext context) =>
        context.Response.StatusCode == StatusCodes.Status401Unauthorized && context.Items.TryGetValue(typeof(Problem), out var problem) && problem is Problem { Code: var code } && code == KernelProblems.Unauthenticated;

    private sealed class Watch(HttpContext context, IRateCounters counters, Allowance allowance)
    {
        public async Task CountAsync()
        {
            if (IsUnauthenticated(context))
            {
                RateStanding.Write(context.Response, allowance, await counters.AddAsync(allowance.Key, 1, allowance.Window));
            }
        }
    }
}
