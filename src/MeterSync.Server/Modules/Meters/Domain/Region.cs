using System.Text;
using MeterSync.Kernel;

namespace MeterSync.Modules.Meters.Domain;

/// <summary>An area that service points lie in and that managers answer for.</summary>
internal sealed class Region : IAudited, IVersioned
{
    public RegionId Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary>The name as <see cref="KeyOf"/> spells it; unique.</summary>
    public string NameKey { get; set; } = "";

    public string? Description { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; } = 1;

    public string AuditName => "region";

    public Guid AuditId => Id.Value;

    /// <summary>What two names share that differ in capitals, in the form of their letters or in spaces only.</summary>
    public static string KeyOf(string name) =>
        string.Join(' ', name.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
