using System.ComponentModel.DataAnnotations;

namespace MeterSync.Host.Jobs;

/// <summary>Section <c>Jobs</c>.</summary>
internal sealed class JobOptions
{
    public const string Section = "Jobs";

    /// <summary>How often a background job is begun before it fails for good.</summary>
    [Range(1, 100)]
    public int MaximumAttempts { get; set; } = 3;
}
