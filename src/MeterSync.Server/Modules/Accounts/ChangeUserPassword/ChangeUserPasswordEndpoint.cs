using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Requests;
using MeterSync.Modules.Accounts.Store;

namespace MeterSync.Modules.Accounts.ChangeUserPassword;

/// <param name="CurrentPassword">Needed when changing one's own.</param>
internal sealed record ChangeUserPasswordRequest(
    [property: StringLength(UserLimits.Password)] string? CurrentPassword,
    [property: Required, StringLength(UserLimits.Password)] string? NewPassword);

internal static class ChangeUserPasswordEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/users/{user_id:guid}/change-password", async (Guid user_id, ChangeUserPasswordRequest request, ChangeUserPasswordHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new UserId(user_id), request, cancellationToken)).ToAnswer("The password was changed; the user's sessions have ended."))
            .Slice<Done>("ChangeUserPassword", "Change one's own password, or anyone's with users:write").RequirePerson()
            .BodyLike("""{"current_password":"admin123","new_password":"correct-horse-battery"}""");
}

internal sealed class ChangeUserPasswordHandler(PasswordWrites writes, CallerAccessor callers)
{
    public async Task<Outcome<Done>> HandleAsync(UserId id, ChangeUserPasswordRequest request, CancellationToken cancellationToken) =>
        callers.Caller.UserId == id ? await writes.ChangeOwnAsync(id, request.CurrentPassword ?? "", request.NewPassword!, except: null, cancellationToken)
        : callers.Caller.May(AccountPermissions.WriteUsers) ? await writes.ChangeOfOtherAsync(id, request.NewPassword!, cancellationToken)
        : KernelProblems.Forbidden.Because("Only administrators change other people's passwords.");
}
