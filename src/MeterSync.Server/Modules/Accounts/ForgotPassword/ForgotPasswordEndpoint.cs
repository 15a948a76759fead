using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Mailing;
using MeterSync.Store;

namespace MeterSync.Modules.Accounts.ForgotPassword;

internal sealed record ForgotPasswordRequest([property: Required, StringLength(EmailName.MaximumLength)] string? Email);

internal static class ForgotPasswordEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/forgot-password", async (ForgotPasswordRequest request, ForgotPasswordHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAnswer("If an account has this address, a mail is on its way to it."))
            .Slice<Done>("ForgotPassword", "Ask for a mail with which to choose a new password; the answer is the same whether or not the address has an account").OpenToAll()
            .BodyLike("""{"email":"ines@example.com"}""");
}

/// <summary>Does the same work for every address: whose it is, is found out when the mail is sent.</summary>
internal sealed class ForgotPasswordHandler(MeterSyncDb db, MailBox mails, ILogger<ForgotPasswordHandler> log)
{
    public async Task<Outcome<Done>> HandleAsync(ForgotPasswordRequest request, CancellationToken cancellationToken)
    {
        if (EmailName.Normalise(request.Email, out var fault) is not { } email)
        {
            return KernelProblems.Invalid.For("email", $"email {fault}");
        }

        if (!mails.CanSend)
        {
            log.LogWarning("Somebody asked for a new password, but no mail server is configured (Mail:Host): an administrator has to give one");
        }
        else if (!await mails.HasHadEnoughAsync(MailKind.PasswordReset, email, cancellationToken))
        {
            mails.Add(MailKind.PasswordReset, email);
            await db.SaveChangesAsync(cancellationToken);
            mails.Wake();
        }

        return Done.It;
    }
}
