using System.ComponentModel.DataAnnotations;

namespace MeterSync.Modules.Accounts.Mailing;

/// <summary>Section <c>Mail</c>.</summary>
internal sealed class MailOptions
{
    public const string Section = "Mail";

    /// <summary>SMTP server; empty where no mail can be sent.</summary>
    public string Host { get; set; } = "";

    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    /// <summary>Whether to demand STARTTLS.</summary>
    public bool StartTls { get; set; } = true;

    public string? Username { get; set; }

    public string? Password { get; set; }

    /// <summary>Address of the sender.</summary>
    public string From { get; set; } = "";

    public string FromName { get; set; } = "MeterSync";

    /// <summary>How long a mail that cannot be sent is tried again, hours.</summary>
    [Range(1, 24 * 14)]
    public int TryHours { get; set; } = 24;

    public bool IsConfigured => Host.Length > 0;
}
