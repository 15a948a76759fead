using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.SignIn;

namespace MeterSync.Modules.Accounts.Login;

/// <summary>One of <paramref name="Email"/> and <paramref name="Username"/>; either may hold either.</summary>
/// <param name="Cookie">Put the refresh token into a cookie that scripts cannot read, and leave it out of the answer.</param>
internal sealed record LoginRequest(
    [property: StringLength(254)] string? Email,
    [property: StringLength(254)] string? Username,
    [property: Required, StringLength(1024, MinimumLength = 1)] string? Password,
    bool RememberMe = false,
    bool Cookie = false);

internal static class LoginEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/login", async (LoginRequest request, LoginHandler handler, HttpContext context) =>
                new TokenAnswer(await handler.HandleAsync(request, context.Connection.RemoteIpAddress?.ToString(), context.Request.Headers.UserAgent.ToString(), context.RequestAborted), request.Cookie))
            .WithName("Login").WithSummary("Sign in with e-mail address or user name").Produces<TokenEnvelope>().OpenToAll().CountedAs(RateGroup.SignIn)
            .BodyLike("""{"email":"admin@example.com","password":"admin123","remember_me":false}""");
}
