using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Requests;
using MeterSync.Modules.Accounts.Store;

namespace MeterSync.Modules.Accounts.ResetPassword;

/// <param name="Token">Of the mail.</param>
internal sealed record ResetPasswordRequest(
    [property: Required, StringLength(200)] string? Token,
    [property: Required, StringLength(UserLimits.Password)] string? NewPassword);

internal static class ResetPasswordEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/reset-password", async (ResetPasswordRequest request, ResetPasswordHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer("The password was changed; sign in with it."))
            .Slice<Done>("ResetPassword", "Choose a password with the token of a mail: forgotten, or the first one of an invited person").OpenToAll()
            .BodyLike("""{"token":"AaBbCcDdEeFfGgHh","new_password":"correct-horse-battery"}""");
}

internal sealed class ResetPasswordHandler(PasswordWrites writes)
{
    public Task<Outcome<Done>> HandleAsync(ResetPasswordRequest request, CancellationToken cancellationToken) =>
        writes.ResetAsync(request.Token!, request.NewPassword!, cancellationToken);
}
