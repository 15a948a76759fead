using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;

namespace MeterSync.Modules.Accounts;

/// <summary>How people get an account without an administrator making it.</summary>
public enum RegistrationMode
{
    /// <summary>They do not.</summary>
    Off,

    /// <summary>With an invitation an administrator sent.</summary>
    Invite,

    /// <summary>Anybody may register, and sees nothing until an administrator gives more.</summary>
    Open,
}

/// <summary>Section <c>Accounts</c>.</summary>
internal sealed class AccountOptions
{
    public const string Section = "Accounts";

    /// <summary>Life of an access token, minutes.</summary>
    [Range(1, 24 * 60)]
    public int AccessTokenMinutes { get; set; } = 15;

    /// <summary>Life of a session without use, days.</summary>
    [Range(1, 365)]
    public int RefreshTokenDays { get; set; } = 7;

    /// <summary>Life of a session whose user asked to be remembered, days.</summary>
    [Range(1, 365)]
    public int RememberedDays { get; set; } = 30;

    /// <summary>Age at which a signing key is followed by a new one, days.</summary>
    [Range(1, 3650)]
    public int KeyRotationDays { get; set; } = 90;

    /// <summary>A signing key of your own (at least 32 bytes), for several processes without a shared key ring; empty lets MeterSync make and rotate keys.</summary>
    public string? SigningKey { get; set; }

    /// <summary>bcrypt cost: each step doubles the time.</summary>
    [Range(4, 16)]
    public int BcryptCost { get; set; } = 12;

    /// <summary>Password checks that may wait for a core; beyond them sign-ins are answered with 503.</summary>
    [Range(1, 1000)]
    public int HashQueue { get; set; } = 16;

    /// <summary>off, invite or open.</summary>
    [TermOf(typeof(RegistrationMode))]
    public string Registration { get; set; } = "off";

    /// <summary>Whether people who registered themselves have to confirm their e-mail address before they sign in.</summary>
    public bool ConfirmEmail { get; set; } = true;

    /// <summary>Where people reach the web application, for the links in mails; empty leaves links out.</summary>
    [RegularExpression("^(https?://[^ ]+)?$", ErrorMessage = "Accounts:PublicUrl is an address like https://meters.example.com.")]
    public string PublicUrl { get; set; } = "";

    public RegistrationMode Mode => Terms<RegistrationMode>.Parse(Registration);

    public Uri? PublicUri => PublicUrl.Length == 0 ? null : new Uri(PublicUrl.TrimEnd('/') + "/");
}
