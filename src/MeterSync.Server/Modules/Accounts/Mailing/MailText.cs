using System.Globalization;
using MeterSync.Modules.Accounts.Domain;

namespace MeterSync.Modules.Accounts.Mailing;

/// <summary>What a mail says. Plain text: it is read on any device and hides no link.</summary>
internal sealed record MailText(string Subject, string Body)
{
    /// <param name="mail">What is to be told.</param>
    /// <param name="user">To whom.</param>
    /// <param name="organisation">Who runs the server; null where nobody has said it.</param>
    /// <param name="secret">The one-time token of the mails that carry one.</param>
    /// <param name="life">How long the token works.</param>
    /// <param name="publicUrl">Where the web application is; null where it is not known, then the mail tells the API's way.</param>
    public static MailText Of(Mail mail, User user, string? organisation, string? secret, TimeSpan life, Uri? publicUrl)
    {
        var greeting = $"Hello {user.Name},\n\n";
        return mail.Kind switch
        {
            MailKind.Invitation => new($"Your account at {organisation ?? "MeterSync"}", $"{greeting}an account was made for you ({user.Email}). Choose your password within {InWords(life)}:\n\n{Way("reset-password", "POST /api/v1/auth/reset-password", secret!, publicUrl)}"),
            MailKind.PasswordReset => new("Choose a new password", $"{greeting}somebody, hopefully you, asked for a new password for {user.Email}. It can be chosen within {InWords(life)}, once:\n\n{Way("reset-password", "POST /api/v1/auth/reset-password", secret!, publicUrl)}\nIf it was not you, do nothing: your password stays as it is.\n"),
            MailKind.ConfirmEmail => new("Confirm your e-mail address", $"{greeting}confirm that {user.Email} is yours within {InWords(life)}, with the password you registered with:\n\n{Way("verify-email", "POST /api/v1/auth/verify-email", secret!, publicUrl)}\nIf you did not register, do nothing.\n"),
            MailKind.AlreadyRegistered => new("You have an account already", $"{greeting}somebody, hopefully you, tried to register {user.Email}, which has an account. Sign in with it, or ask for a new password if you have forgotten yours.\n"),
            MailKind.PasswordChanged => new("Your password was changed", $"{greeting}the password of {user.Email} was changed at {Time(mail.CreatedAt)}, and other sessions have ended. If it was not you, ask for a new password and tell your administrator.\n"),
            MailKind.SessionEnded => new("A session of yours was ended", $"{greeting}at {Time(mail.CreatedAt)} an old refresh token of your session on {mail.Detail} was used again. It may have been stolen, so the session was ended. If you do not know why this happened, change your password and tell your administrator.\n"),
            _ => throw new NotSupportedException($"{mail.Kind} has no text."),
        };
    }

    private static string Way(string page, string route, string secret, Uri? publicUrl) =>
        publicUrl is null
            ? $"Send this token to {route}:\n\n{secret}\n"
            : $"{new Uri(publicUrl, $"{page}?token={secret}")}\n\nor send this token to {route}:\n\n{secret}\n";

    private static string InWords(TimeSpan life) =>
        life >= TimeSpan.FromDays(2) ? $"{life.TotalDays:0} days" : life >= TimeSpan.FromHours(2) ? $"{life.TotalHours:0} hours" : $"{life.TotalMinutes:0} minutes";

    private static string Time(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
