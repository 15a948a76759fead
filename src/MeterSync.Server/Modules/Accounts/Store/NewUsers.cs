using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Mailing;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Accounts.Requests;
using MeterSync.Modules.Accounts.Rights;
using MeterSync.Modules.Accounts.SignIn;
using MeterSync.Store;

namespace MeterSync.Modules.Accounts.Store;

/// <summary>Makes users on behalf of somebody who may.</summary>
internal sealed class NewUsers(MeterSyncDb db, UserWrites writes, IPasswords passwords, PasswordRules rules, MailBox mails, AccessDirectory directory, TimeProvider clock, IdSource ids)
{
    /// <param name="request">The user; without roles a viewer.</param>
    /// <param name="password">Null sends an invitation.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<Outcome<UserView>> MakeAsync(UserRequest request, string? password, CancellationToken cancellationToken)
    {
        if (password is null && !mails.CanSend)
        {
            return AccountProblems.NoMail.For("password", "Give a password: no mail server is configured that could send an invitation.");
        }

        var now = clock.GetUtcNow().ToStored();
        var user = new User { Id = ids.Next<UserId>(), Roles = "", Status = password is null ? UserStatus.Pending : UserStatus.Active, CreatedAt = now, UpdatedAt = now };
        if (request.Role is null && request.Roles is null)
        {
            request.Role = BuiltInRole.Viewer;
        }

        if (await writes.FillAsync(user, request, whole: true, cancellationToken) is { } refused)
        {
            return refused;
        }

        if (password is null)
        {
            mails.Add(MailKind.Invitation, user.Email);
        }
        else if (rules.Check("password", password, user) is { } weak)
        {
            return weak;
        }
        else
        {
            user.PasswordHash = await passwords.HashAsync(password, cancellationToken);
        }

        db.Set<User>().Add(user);
        await db.SaveChangesAsync(cancellationToken);
        mails.Wake();
        await directory.FollowAsync();
        return UserView.Of(user, directory.Of(user));
    }
}
