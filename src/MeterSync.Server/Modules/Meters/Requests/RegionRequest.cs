using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;

namespace MeterSync.Modules.Meters.Requests;

/// <param name="Name">No other region has it, whatever its capitals.</param>
/// <param name="Description">For people; taken away where left out.</param>
internal sealed record RegionRequest(
    [property: Required, PlainText(RegionLimits.Name)] string? Name,
    [property: PlainText(RegionLimits.Description, AllowLines = true)] string? Description);

/// <summary>The most that fits, in characters.</summary>
internal static class RegionLimits
{
    public const int Name = 100;
    public const int Description = 1000;
}
