using MeterSync.Kernel.Limits;

namespace MeterSync.Modules.Settings.Public;

/// <summary>The limits that apply right now, from memory.</summary>
internal interface IRateLimits
{
    RateLimits Current { get; }
}

/// <summary>The configuration's limits with those of the stored settings over them. 0 is no limit.</summary>
internal sealed record RateLimits(
    bool Enabled,
    int AnonymousPerMinute,
    int ApiKeyPerMinute,
    int UserPerMinute,
    int OcrPerMinute,
    int ExportsPerFiveMinutes,
    int RefreshPerMinute,
    int SignInFailuresPerAccount,
    int SignInFailuresPerAddress,
    int SignInWindowMinutes,
    IReadOnlyList<string> BlockedAddresses)
{
    /// <summary><see cref="BlockedAddresses"/>, to look addresses up in.</summary>
    public required AddressRanges Blocked { get; init; }

    /// <summary>Of one person, by whatever phone. Configuration alone.</summary>
    public int SyncPerMinute { get; init; }

    public TimeSpan SignInWindow => TimeSpan.FromMinutes(SignInWindowMinutes);
}
