using System.ComponentModel.DataAnnotations;

namespace MeterSync.Modules.Readings;

/// <summary>One register's value as it is sent.</summary>
/// <param name="RegisterId">The register; or its label, or its ordinal.</param>
internal sealed record RegisterValueRequest(
    Guid? RegisterId,
    [property: StringLength(50)] string? Label,
    int? Ordinal,
    [property: Required] decimal? Value);
