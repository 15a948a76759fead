using System.Collections.Frozen;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Public;

namespace MeterSync.Host.Auth;

/// <summary>Finds out who calls and whether the route's permission is theirs. No query, no lock.</summary>
internal sealed class PermissionGate(RequestDelegate next, PermissionCatalog permissions, BearerTokens tokens, IApiKeys keys, IAccessDirectory directory)
{
    private const string Scheme = "Bearer ";
    private const string KeyHeader = "X-API-Key";
    private const int LongestAgent = 200;
    private readonly FrozenSet<string> everything = permissions.All.Select(permission => permission.Name).ToFrozenSet();

    public async Task InvokeAsync(HttpContext context, CallerAccessor callers)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RoutePermission>() is not { } need || need is { Anonymous: true, KnowsCaller: false })
        {
            callers.Origin = (AddressOf(context), AgentOf(context));
            await next(context);
            return;
        }

        var caller = context.Features.Get<LocalOperatorConnection>() is not null ? Operator(context) : await SignedInAsync(context);
        if (caller is null && (!need.Anonymous || IsTrying(context)))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await ProblemAnswer.WriteAsync(context, KernelProblems.Unauthenticated.Because("Sign in first: this route needs a valid access token in the Authorization header, or a valid key in X-API-Key."));
            return;
        }

        if (caller is null)
        {
            callers.Origin = (AddressOf(context), AgentOf(context));
        }
        else
        {
            callers.Caller = caller;
            if (need.Permission is { } permission && !caller.May(permission))
            {
                await ProblemAnswer.WriteAsync(context, KernelProblems.Forbidden.Because($"{(caller.ApiKeyId is null ? $"The role {caller.Role}" : "This API key")} does not hold {permission.Name}."));
                return;
            }

            if (need.ForPeople && caller.ApiKeyId is not null)
            {
                await ProblemAnswer.WriteAsync(context, KernelProblems.Forbidden.Because("An API key cannot do this: a person has to sign in for it."));
                return;
            }
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

    /// <summary>Null where nobody is signed in, and where somebody was who may not come in any more.</summary>
    private async ValueTask<Caller?> SignedInAsync(HttpContext context)
    {
        var bearer = context.Request.Headers.Authorization.ToString();
        var token = bearer.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? bearer[Scheme.Length..].Trim() : null;

        // Scrapers and other programs that know no other header send their key as a bearer token.
        if ((context.Request.Headers[KeyHeader].ToString() is { Length: > 0 } sent ? sent : token) is { } text && keys.HolderOf(text) is { } key)
        {
            return new Caller(key.UserId, key.Access.Name, key.Access.Role, key.Access.Scope, key.Access.Permissions)
            {
                IpAddress = AddressOf(context),
                UserAgent = AgentOf(context),
                ApiKeyId = key.Id,
            };
        }

        if (token is null || await tokens.HolderOfAsync(token) is not { } holder || directory.Find(holder.UserId) is not { } access)
        {
            return null;
        }

        return new Caller(holder.UserId, access.Name, access.Role, access.Scope, access.Permissions)
        {
            IpAddress = AddressOf(context),
            UserAgent = AgentOf(context),
            SessionId = holder.SessionId,
        };
    }

    /// <summary>Whether somebody meant to be signed in: where that is no matter of course, a token that has run out must not be taken for none.</summary>
    private static bool IsTrying(HttpContext context) =>
        context.Request.Headers.Authorization.Count > 0 || context.Request.Headers.ContainsKey(KeyHeader);

    private static string? AddressOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString();

    private static string? AgentOf(HttpContext context)
    {
        var agent = context.Request.Headers.UserAgent.ToString();
        return agent.Length == 0 ? null : agent.Length > LongestAgent ? agent[..LongestAgent] : agent;
    }
}
