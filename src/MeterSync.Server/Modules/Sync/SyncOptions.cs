using System.ComponentModel.DataAnnotations;

namespace MeterSync.Modules.Sync;

/// <summary>What phones may bring and fetch. Section <c>Sync</c>.</summary>
internal sealed class SyncOptions
{
    public const string Section = "Sync";

    /// <summary>Items of one batch.</summary>
    [Range(1, 10_000)]
    public int MostItems { get; set; } = 1_000;

    /// <summary>MiB of one batch, unpacked.</summary>
    [Range(1, 64)]
    public int MostMegabytes { get; set; } = 5;

    /// <summary>Days that changes wait for a phone to fetch them; after that it is given all it needs anew. Own readings are fetched for as long.</summary>
    [Range(1, 3_650)]
    public int ChangeDays { get; set; } = 90;
}
