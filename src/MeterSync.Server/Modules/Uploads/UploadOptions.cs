using System.ComponentModel.DataAnnotations;

namespace MeterSync.Modules.Uploads;

/// <summary>Files that come in pieces. Section <c>Uploads</c>.</summary>
internal sealed class UploadOptions
{
    public const string Section = "Uploads";

    /// <summary>Hours without a byte after which an upload is given up.</summary>
    [Range(1, 8_760)]
    public int Hours { get; set; } = 72;

    /// <summary>MiB of one file, unless its purpose has a limit of its own.</summary>
    [Range(1, 1_024)]
    public int MostMegabytes { get; set; } = 10;

    /// <summary>Uploads that one person may have begun and not finished.</summary>
    [Range(1, 100_000)]
    public int MostOpen { get; set; } = 200;

    /// <summary>Requests of one person in a minute.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerMinute { get; set; } = 600;

    public long MostBytes => MostMegabytes * 1024L * 1024;
}
