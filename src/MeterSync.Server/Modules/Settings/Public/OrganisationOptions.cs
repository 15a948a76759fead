using System.ComponentModel.DataAnnotations;

namespace MeterSync.Modules.Settings.Public;

/// <summary>Facts about whoever runs the server, where <c>PUT /settings</c> says nothing else. Section <c>Organisation</c>.</summary>
internal sealed class OrganisationOptions
{
    public const string Section = "Organisation";

    public string? Name { get; set; }

    public string? Address { get; set; }

    /// <summary>E-mail address for people with questions.</summary>
    public string? ContactEmail { get; set; }

    /// <summary>IANA name of the zone whose days dates without a time mean.</summary>
    [Required]
    public string TimeZone { get; set; } = "UTC";

    /// <summary>ISO 4217 code of the money that bills are in.</summary>
    [Required]
    public string Currency { get; set; } = "EUR";

    /// <summary>BCP 47 tag of the language that pages, mails and reports are in by default.</summary>
    [Required]
    public string Language { get; set; } = "en";
}
