using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Accounts.Requests;
using MeterSync.Modules.Accounts.Rights;
using MeterSync.Modules.Accounts.Store;
using MeterSync.Store;

namespace MeterSync.Modules.Accounts.VerifyEmail;

/// <param name="Token">Of the mail.</param>
/// <param name="Password">That of the registration: somebody else may have registered the address.</param>
internal sealed record VerifyEmailRequest([property: Required, StringLength(200)] string? Token, [property: Required, StringLength(UserLimits.Password)] string? Password);

internal static class VerifyEmailEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/verify-email", async (VerifyEmailRequest request, VerifyEmailHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer("The address is confirmed; you can sign in."))
            .Slice<Done>("VerifyEmail", "Confirm an e-mail address with the token of a mail and the password of the registration").OpenToAll()
            .BodyLike("""{"token":"AaBbCcDdEeFfGgHh","password":"correct-horse-battery"}""");
}

internal sealed class VerifyEmailHandler(MeterSyncDb db, OneTimeTokens tokens, IPasswords passwords, AccessDirectory directory, CallerAccessor callers, WriteTransactions transactions, TimeProvider clock)
{
    public async Task<Outcome<Done>> HandleAsync(VerifyEmailRequest request, CancellationToken cancellationToken)
    {
        if (await tokens.FindOwnerAsync(request.Token!, TokenPurpose.Email, cancellationToken) is not { } owner)
        {
            return Refused();
        }

        if (!await passwords.VerifyAsync(request.Password!, owner.PasswordHash, cancellationToken))
        {
            return AccountProblems.WrongCredentials.Because("This is not the password of the registration. If you did not choose one, ask for a new password: that confirms the address, too.");
        }

        var outcome = await transactions.RunAsync<Done>(
            async token =>
            {
                if (await tokens.RedeemAsync(request.Token!, TokenPurpose.Email, token) is not { } user)
                {
                    return Refused();
                }

                callers.ActAs(user.Id, user.Name, user.Role);
                user.Status = user.Status == UserStatus.Pending ? UserStatus.Active : user.Status;
                user.UpdatedAt = clock.GetUtcNow().ToStored();
                await db.SaveChangesAsync(token);
                return Done.It;
            },
            cancellationToken);
        if (outcome.Succeeded)
        {
            await directory.FollowAsync();
        }

        return outcome;
    }

    private static Problem Refused() => AccountProblems.TokenRefused.For("token", "This token is unknown, used or too old. Register again to get a new one.");
}
