using System.ComponentModel.DataAnnotations;

namespace MeterSync.Modules.Reports;

/// <summary>Section <c>Exports</c>.</summary>
internal sealed class ExportOptions
{
    public const string Section = "Exports";

    /// <summary>Days a finished file is kept for download.</summary>
    [Range(1, 3650)]
    public int KeepDays { get; set; } = 7;

    public TimeSpan Kept => TimeSpan.FromDays(KeepDays);
}
