using MeterSync.Host.Auth;
using MeterSync.Kernel;
using MeterSync.Kernel.Limits;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Settings.Public;

namespace MeterSync.Host.Limits;

/// <summary>Counts requests by who is known to call, or by address, and refuses those beyond the limit. Stands behind the gate that finds out who calls.</summary>
internal sealed class RateLimitGate(RequestDelegate next, IRateCounters counters, IRateLimits limits, TooManyAnswer tooMany)
{
    public Task InvokeAsync(HttpContext context, CallerAccessor callers)
    {
        var current = limits.Current;
        if (!current.Enabled || context.Features.Get<LocalOperatorConnection>() is not null)
        {
            return next(context);
        }

        var allowance = Allowance.Of(current, context.GetEndpoint()?.Metadata.GetMetadata<RateGroup>(), callers.Known, context.Connection.RemoteIpAddress);
        return allowance.Limit == 0 ? next(context) : CountAsync(context, allowance);
    }

    private async Task CountAsync(HttpContext context, Allowance allowance)
    {
        var count = await counters.AddAsync(allowance.Key, 1, allowance.Window);
        if (count.Count > allowance.Limit)
        {
            await tooMany.WriteAsync(context, allowance, count);
            return;
        }

        RateStanding.Tell(context.Response, allowance, count);
        if (!allowance.CountsSuccessesOnly)
        {
            await next(context);
            return;
        }

        var succeeded = false;
        try
        {
            await next(context);
            succeeded = context.Response.StatusCode < StatusCodes.Status400BadRequest;
        }
        finally
        {
            if (!succeeded)
            {
                await counters.GiveBackAsync(allowance.Key, count, 1);
            }
        }
    }
}
