using System.ComponentModel.DataAnnotations;

namespace MeterSync.Modules.Workforce;

/// <summary>Section <c>Workforce</c>.</summary>
internal sealed class WorkforceOptions
{
    public const string Section = "Workforce";

    /// <summary>Days after its closing in which readings still count as of a cycle: two of one meter are a check-read (VEE-111).</summary>
    [Range(0, 400)]
    public int LateReadingDays { get; set; } = 40;

    /// <summary>Open assignments an agent may have where nothing else is said.</summary>
    [Range(1, 100_000)]
    public int MaxLoad { get; set; } = 500;

    /// <summary>Local time from which positions are kept.</summary>
    [RegularExpression("^([01][0-9]|2[0-3]):[0-5][0-9]$", ErrorMessage = "A time like 06:00.")]
    public string WorkStart { get; set; } = "06:00";

    /// <summary>Local time until which positions are kept; the same as <see cref="WorkStart"/> for all day.</summary>
    [RegularExpression("^([01][0-9]|2[0-3]):[0-5][0-9]$", ErrorMessage = "A time like 20:00.")]
    public string WorkEnd { get; set; } = "20:00";

    /// <summary>Days positions are kept.</summary>
    [Range(1, 3650)]
    public int PositionsKeptDays { get; set; } = 30;

    /// <summary>A position of an agent's track is kept where the last kept one is at least so far away, or <see cref="TrackSeconds"/> old.</summary>
    [Range(0, 10_000)]
    public int TrackMetres { get; set; } = 25;

    [Range(1, 86_400)]
    public int TrackSeconds { get; set; } = 60;

    /// <summary>Days an agent still sees a meter after its work is done, where no cycle ends it.</summary>
    [Range(0, 3650)]
    public int DoneVisibleDays { get; set; } = 30;

    /// <summary>Roles that decide about a change of meter data, in order, separated by spaces.</summary>
    [Required, RegularExpression("^[a-z0-9_-]+( [a-z0-9_-]+)*$", ErrorMessage = "Role names separated by single spaces.")]
    public string MeterChangeSteps { get; set; } = "manager";

    /// <summary>Roles that decide about a held reading, in order, separated by spaces.</summary>
    [Required, RegularExpression("^[a-z0-9_-]+( [a-z0-9_-]+)*$", ErrorMessage = "Role names separated by single spaces.")]
    public string HeldReadingSteps { get; set; } = "manager";
}
