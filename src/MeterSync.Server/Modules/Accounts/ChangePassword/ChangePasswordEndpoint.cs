using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Requests;
using MeterSync.Modules.Accounts.Store;

namespace MeterSync.Modules.Accounts.ChangePassword;

internal sealed record ChangePasswordRequest(
    [property: Required, StringLength(UserLimits.Password)] string? CurrentPassword,
    [property: Required, StringLength(UserLimits.Password)] string? NewPassword);

internal static class ChangePasswordEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/change-password", async (ChangePasswordRequest request, ChangePasswordHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer("The password was changed; your other sessions have ended."))
            .Slice<Done>("ChangePassword", "Change one's own password; this session goes on").RequirePerson()
            .BodyLike("""{"current_password":"admin123","new_password":"correct-horse-battery"}""");
}

internal sealed class ChangePasswordHandler(PasswordWrites writes, CallerAccessor callers)
{
    public async Task<Outcome<Done>> HandleAsync(ChangePasswordRequest request, CancellationToken cancellationToken) =>
        callers.Caller.UserId is { } id
            ? await writes.ChangeOwnAsync(id, request.CurrentPassword!, request.NewPassword!, except: callers.Caller.SessionId, cancellationToken)
            : AccountProblems.UserNotFound.Because("The operator at the machine has no password.");
}
