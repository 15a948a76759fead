using System.ComponentModel.DataAnnotations;

namespace MeterSync.Modules.Settings.Public;

/// <summary>Section <c>RateLimits</c>. 0 is no limit. All but <see cref="Enabled"/> and <see cref="SyncPerMinute"/> can be overridden by <c>PUT /settings</c>.</summary>
internal sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    /// <summary>The most a limit may be.</summary>
    public const int Most = 1_000_000;

    /// <summary>A day.</summary>
    public const int MostWindowMinutes = 1440;

    /// <summary>False counts nothing; the block list stays.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Requests by an address without a sign-in.</summary>
    [Range(0, Most)]
    public int AnonymousPerMinute { get; set; } = 100;

    [Range(0, Most)]
    public int ApiKeyPerMinute { get; set; } = 100;

    [Range(0, Most)]
    public int UserPerMinute { get; set; } = 600;

    /// <summary>Photos read, by user, key or address.</summary>
    [Range(0, Most)]
    public int OcrPerMinute { get; set; } = 30;

    /// <summary>Exports started, by user or key.</summary>
    [Range(0, Most)]
    public int ExportsPerFiveMinutes { get; set; } = 3;

    /// <summary>Sessions refreshed, by address.</summary>
    [Range(0, Most)]
    public int RefreshPerMinute { get; set; } = 300;

    /// <summary>Batches, fetches and pieces of uploads, by user or key.</summary>
    [Range(0, Most)]
    public int SyncPerMinute { get; set; } = 3_000;

    /// <summary>Wrong passwords for one name within the window.</summary>
    [Range(0, Most)]
    public int SignInFailuresPerAccount { get; set; } = 5;

    /// <summary>Wrong passwords from one address within the window.</summary>
    [Range(0, Most)]
    public int SignInFailuresPerAddress { get; set; } = 50;

    /// <summary>Counted from the first wrong password.</summary>
    [Range(1, MostWindowMinutes)]
    public int SignInWindowMinutes { get; set; } = 5;

    /// <summary>Addresses and ranges that get no answer but a refusal.</summary>
    public IReadOnlyList<string> BlockedAddresses { get; set; } = [];
}
