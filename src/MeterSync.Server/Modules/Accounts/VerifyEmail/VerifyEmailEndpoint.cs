using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Rights;
using MeterSync.Modules.Accounts.Store;
using MeterSync.Store;

namespace MeterSync.Modules.Accounts.VerifyEmail;

/// <param name="Token">Of the mail.</param>
internal sealed record VerifyEmailRequest([property: Required, StringLength(200)] string? Token);

internal static class VerifyEmailEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/verify-email", async (VerifyEmailRequest request, VerifyEmailHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer("The address is confirmed; you can sign in."))
            .Slice<Done>("VerifyEmail", "Confirm an e-mail address with the token of a mail").OpenToAll()
            .BodyLike("""{"token":"AaBbCcDdEeFfGgHh"}""");
}

internal sealed class VerifyEmailHandler(MeterSyncDb db, OneTimeTokens tokens, AccessDirectory directory, WriteTransactions transactions, TimeProvider clock)
{
    public async Task<Outcome<Done>> HandleAsync(VerifyEmailRequest request, CancellationToken cancellationToken)
    {
        var outcome = await transactions.RunAsync<Done>(
            async token =>
            {
                if (await tokens.RedeemAsync(request.Token!, TokenPurpose.Email, token) is not { } user)
                {
                    return AccountProblems.TokenRefused.For("token", "This token is unknown, used or too old. Register again to get a new one.");
                }

                user.Status = user.Status == UserStatus.Pending ? UserStatus.Active : user.Status;
                user.UpdatedAt = clock.GetUtcNow().ToStored();
                await db.SaveChangesAsync(token);
                return Done.It;
            },
            cancellationToken);
        if (outcome.Succeeded)
        {
            await directory.LoadAsync(CancellationToken.None);
        }

        return outcome;
    }
}
