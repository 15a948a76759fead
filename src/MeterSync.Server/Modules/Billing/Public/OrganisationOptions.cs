using System.ComponentModel.DataAnnotations;

namespace MeterSync.Modules.Billing.Public;

/// <summary>Facts about whoever runs the server. Section <c>Organisation</c>.</summary>
internal sealed class OrganisationOptions
{
    public const string Section = "Organisation";

    /// <summary>IANA name of the zone whose days dates without a time mean.</summary>
    [Required]
    public string TimeZone { get; set; } = "UTC";
}
