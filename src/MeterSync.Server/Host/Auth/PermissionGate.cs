using System.Collections.Frozen;
using System.Security.Claims;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Public;
using Microsoft.AspNetCore.Authentication;

namespace MeterSync.Host.Auth;

/// <summary>Finds out who calls and whether the route's permission is theirs. No query, no lock.</summary>
internal sealed class PermissionGate(RequestDelegate next, PermissionCatalog permissions)
{
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

    private async Task<Caller?> SignedInAsync(HttpContext context)
    {
        var result = await context.AuthenticateAsync();
        if (!result.Succeeded || result.Principal.FindFirstValue(TokenClaims.Subject) is not { } subject || !Guid.TryParse(subject, out var userId))
        {
            return null;
        }

        var role = result.Principal.FindFirstValue(TokenClaims.Role) ?? "";
        return new Caller(new UserId(userId), result.Principal.FindFirstValue(TokenClaims.Name) ?? subject, role, BuiltInRole.ScopeOf(role), permissions.Of(role))
        {
            IpAddress = context.Connection.RemoteIpAddress?.ToString(),
            UserAgent = AgentOf(context),
            SessionId = Guid.TryParse(result.Principal.FindFirstValue(TokenClaims.Session), out var session) ? new SessionId(session) : null,
        };
    }

    private static string? AgentOf(HttpContext context)
    {
        var agent = context.Request.Headers.UserAgent.ToString();
        return agent.Length == 0 ? null : agent.Length > 200 ? agent[..200] : agent;
    }
}
