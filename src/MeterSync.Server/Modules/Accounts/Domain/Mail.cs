using MeterSync.Kernel;

namespace MeterSync.Modules.Accounts.Domain;

public enum MailKind
{
    Invitation,
    ConfirmEmail,
    AlreadyRegistered,
    PasswordReset,
    PasswordChanged,
    SessionEnded,
}

/// <summary>A mail to be sent, kept until it went out. Its text and the secrets in it are made when it is sent.</summary>
internal sealed class Mail
{
    public MailId Id { get; set; }

    public MailKind Kind { get; set; }

    /// <summary>As <see cref="EmailName"/> spells it; somebody's address, or nobody's: which of them is found out when it is sent.</summary>
    public string Recipient { get; set; } = "";

    /// <summary>What the text tells besides: an address, a time.</summary>
    public string? Detail { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Not to be tried before.</summary>
    public DateTimeOffset DueAt { get; set; }

    public int Attempts { get; set; }

    /// <summary>Sent, or found to be for nobody.</summary>
    public DateTimeOffset? DoneAt { get; set; }

    /// <summary>Why the last attempt failed.</summary>
    public string? LastError { get; set; }
}
