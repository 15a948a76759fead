using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Accounts.SignIn;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.ChangeUserPassword;

/// <param name="CurrentPassword">Needed when changing one's own.</param>
internal sealed record ChangeUserPasswordRequest(
    [property: StringLength(1024)] string? CurrentPassword,
    [property: Required, StringLength(1024)] string? NewPassword);

internal static class ChangeUserPasswordEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/users/{user_id:guid}/change-password", async (Guid user_id, ChangeUserPasswordRequest request, ChangeUserPasswordHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new UserId(user_id), request, cancellationToken)).ToAnswer("The password was changed; the user's sessions have ended."))
            .Slice<Done>("ChangeUserPassword", "Change one's own password, or anyone's with users:write").RequireSignIn()
            .BodyLike("""{"current_password":"admin123","new_password":"correct-horse-battery"}""");
}

internal sealed class ChangeUserPasswordHandler(MeterSyncDb db, IPasswords passwords, KeyRing keys, CallerAccessor callers, TimeProvider clock)
{
    public async Task<Outcome<Done>> HandleAsync(UserId id, ChangeUserPasswordRequest request, CancellationToken cancellationToken)
    {
        var caller = callers.Caller;
        var own = caller.UserId == id;
        if (!own && !caller.May(AccountPermissions.WriteUsers))
        {
            return KernelProblems.Forbidden.Because("Only administrators change other people's passwords.");
        }

        var user = await db.Set<User>().FirstOrDefaultAsync(candidate => candidate.Id == id, cancellationToken);
        if (user is null)
        {
            return AccountProblems.UserNotFound.Because("There is no such user.");
        }

        if (own && !await passwords.VerifyAsync(request.CurrentPassword ?? "", user.PasswordHash, cancellationToken))
        {
            return AccountProblems.WrongCurrentPassword.For("current_password", "The current password is wrong.");
        }

        if (PasswordRules.Check("new_password", request.NewPassword!) is { } weak)
        {
            return weak;
        }

        var now = clock.GetUtcNow().ToStored();
        user.PasswordHash = await passwords.HashAsync(request.NewPassword!, cancellationToken);
        user.IsDemo = false;
        user.UpdatedAt = now;
        var sessions = await db.Set<Session>().Where(session => session.UserId == id && session.RevokedAt == null).ToListAsync(cancellationToken);
        foreach (var session in sessions)
        {
            session.RevokedAt = now;
        }

        await db.SaveChangesAsync(cancellationToken);
        foreach (var session in sessions)
        {
            keys.Revoke(session.Id);
        }

        return Done.It;
    }
}
