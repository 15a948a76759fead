using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Mailing;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Accounts.Requests;
using MeterSync.Modules.Accounts.Rights;
using MeterSync.Modules.Accounts.SignIn;
using MeterSync.Modules.Accounts.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Accounts.RegisterUser;

internal sealed class RegisterUserHandler(
    MeterSyncDb db,
    NewUsers users,
    PasswordWrites passwordWrites,
    IPasswords passwords,
    PasswordRules rules,
    OneTimeTokens tokens,
    MailBox mails,
    AccessDirectory directory,
    CallerAccessor callers,
    IOptions<AccountOptions> options,
    TimeProvider clock,
    IdSource ids)
{
    public async Task<Outcome<RegistrationView>> HandleAsync(RegisterUserRequest request, CancellationToken cancellationToken)
    {
        if (callers.Known is { ApiKeyId: null } known && known.May(AccountPermissions.WriteUsers))
        {
            return await MakeAsync(request, cancellationToken);
        }

        if (request.Invitation is { } invitation)
        {
            return await TakeUpAsync(request, invitation, cancellationToken);
        }

        return options.Value.Mode == RegistrationMode.Open
            ? await RegisterAsync(request, cancellationToken)
            : AccountProblems.RegistrationClosed.Because(options.Value.Mode == RegistrationMode.Invite ? "An account here needs an invitation. Ask an administrator for one." : "People cannot register themselves here. Ask an administrator for an account.");
    }

    private async Task<Outcome<RegistrationView>> MakeAsync(RegisterUserRequest request, CancellationToken cancellationToken)
    {
        var made = await users.MakeAsync(new UserRequest { Email = request.Email, Username = request.Username, Name = request.Name, Phone = request.Phone, Role = request.Role ?? BuiltInRole.Viewer }, request.Password, cancellationToken);
        return made.Succeeded ? new RegistrationView(made.Value.Id, made.Value.Email, made.Value.Role, made.Value.Status) : made.Problem;
    }

    private async Task<Outcome<RegistrationView>> TakeUpAsync(RegisterUserRequest request, string invitation, CancellationToken cancellationToken)
    {
        var invited = await tokens.FindOwnerAsync(invitation, TokenPurpose.Password, cancellationToken);
        var taken = await passwordWrites.ResetAsync(invitation, request.Password!, cancellationToken);
        return taken.Succeeded ? new RegistrationView(invited!.Id.Value, invited.Email, invited.Role, UserStatus.Active) : taken.Problem;
    }

    private async Task<Outcome<RegistrationView>> RegisterAsync(RegisterUserRequest request, CancellationToken cancellationToken)
    {
        if (EmailName.Normalise(request.Email, out var fault) is not { } email)
        {
            return KernelProblems.Invalid.For("email", $"email {fault}");
        }

        if (string.IsNullOrWhiteSpace(request.Name))
        {
            return KernelProblems.Invalid.For("name", "Give your name.");
        }

        if (request.Username is not null || (request.Role is not null && request.Role != BuiltInRole.Viewer))
        {
            return KernelProblems.Invalid.For(request.Username is not null ? "username" : "role", "User names and roles are given by an administrator.");
        }

        var now = clock.GetUtcNow().ToStored();
        var user = new User
        {
            Id = ids.Next<UserId>(),
            Email = email,
            Name = request.Name.Trim(),
            Phone = request.Phone,
            Roles = BuiltInRole.Viewer,
            Status = options.Value.ConfirmEmail ? UserStatus.Pending : UserStatus.Active,
            CreatedAt = now,
            UpdatedAt = now,
        };
        if (rules.Check("password", request.Password!, user) is { } weak)
        {
            return weak;
        }

        // Hashed whether or not it is needed: the time must not tell which addresses have accounts.
        user.PasswordHash = await passwords.HashAsync(request.Password!, cancellationToken);
        var other = await db.Set<User>().FirstOrDefaultAsync(candidate => candidate.Email == email && candidate.DeletedAt == null, cancellationToken);
        if (!options.Value.ConfirmEmail && other is not null)
        {
            return AccountProblems.EmailTaken.For("email", $"Another user has the address {email}.");
        }

        var kind = Welcome(user, other);
        if (options.Value.ConfirmEmail && !await mails.HasHadEnoughAsync(kind, email, cancellationToken))
        {
            mails.Add(kind, email);
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException refused) when (StoreFaults.IsConflict(refused) && options.Value.ConfirmEmail)
        {
            // Somebody registered the address at this very moment; the answer tells as little as ever.
            db.Forget();
        }

        mails.Wake();
        await directory.FollowAsync();
        return new RegistrationView(user.Status == UserStatus.Pending ? null : user.Id.Value, email, BuiltInRole.Viewer, user.Status);
    }

    /// <summary>Adds a new person, or lets one who has not confirmed the address yet try again. Says which mail the owner of the address gets.</summary>
    private MailKind Welcome(User user, User? other)
    {
        if (other is null)
        {
            db.Set<User>().Add(user);
            return MailKind.ConfirmEmail;
        }

        if (other.Status != UserStatus.Pending)
        {
            return MailKind.AlreadyRegistered;
        }

        if (other.PasswordHash.Length == 0)
        {
            return MailKind.Invitation;
        }

        // The first registration stays as it is: whoever asks again may be somebody else.
        return MailKind.ConfirmEmail;
    }
}
