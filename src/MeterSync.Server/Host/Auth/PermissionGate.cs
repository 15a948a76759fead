using System.Collections.Frozen;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;

namespace MeterSync.Host.Auth;

/// <summary>Finds out who calls and whether the route's permission is theirs. No query, no lock.</summary>
internal sealed class PermissionGate(RequestDelegate next, PermissionCatalog permissions, BearerTokens tokens)
{
    private const string Scheme = "Bearer ";
    private readonly FrozenSet<string> everything = permissions.All.Select(permission => permission.Name).ToFrozenSet();

    public async Task InvokeAsync(HttpContext context, CallerAccessor callers)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RoutePermission>() is not { Anonymous: false } need)
        {
            await next(context);
            return;
        }

        var caller = context.Features.Get<LocalOperatorConnection>() is not null ? Operator(context) : await SignedInAsync(context);
        if (caller is null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await ProblemAnswer.WriteAsync(context, KernelProblems.Unauthenticated.Because("Sign in first: this route needs a valid access token in the Authorization header."));
            return;
        }

        callers.Caller = caller;
        if (need.Permission is { } permission && !caller.May(permission))
        {
            await ProblemAnswer.WriteAsync(context, KernelProblems.Forbidden.Because($"The role {caller.Role} does not hold {permission.Name}."));
            return;
        }

        await next(context);
    }

    /// <summary>Fails the start if any route forgot to say who may call it.</summary>
    public static void RequireOnEvery(IEndpointRouteBuilder app)
    {
        foreach (var endpoint in app.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<RoutePermission>() is null)
            {
                throw new InvalidOperationException($"The route {endpoint.RoutePattern.RawText} names no permission.");
            }
        }
    }

    private Caller Operator(HttpContext context) =>
        new(null, "operator", BuiltInRole.Admin, DataScope.All, everything) { UserAgent = AgentOf(context) };

    private async ValueTask<Caller?> SignedInAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || await tokens.HolderOfAsync(header[Scheme.Length..].Trim()) is not { } holder)
        {
            return null;
        }

        return new Caller(holder.UserId, holder.Name, holder.Role, holder.Scope, holder.Permissions)
        {
            IpAddress = context.Connection.RemoteIpAddress?.ToString(),
            UserAgent = AgentOf(context),
            SessionId = holder.SessionId,
        };
    }

    private static string? AgentOf(HttpContext context)
    {
        var agent = context.Request.Headers.UserAgent.ToString();
        return agent.Length == 0 ? null : agent.Length > 200 ? agent[..200] : agent;
    }
}
