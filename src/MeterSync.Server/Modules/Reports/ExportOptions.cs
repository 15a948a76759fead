using System.ComponentModel.DataAnnotations;

namespace MeterSync.Modules.Reports;

/// <summary>Section <c>Exports</c>.</summary>
internal sealed class ExportOptions
{
    public const string Section = "Exports";

    /// <summary>Days a finished file is kept for download.</summary>
    [Range(1, 3650)]
    public int KeepDays { get; set; } = 7;

    /// <summary>Photos one workbook shows at most; readings beyond them are written without.</summary>
    [Range(0, 50_000)]
    public int PhotosPerFile { get; set; } = 10_000;

    public TimeSpan Kept => TimeSpan.FromDays(KeepDays);
}
