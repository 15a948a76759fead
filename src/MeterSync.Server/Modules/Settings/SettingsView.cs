using MeterSync.Kernel;
using MeterSync.Modules.Settings.Domain;
using MeterSync.Modules.Settings.Public;

namespace MeterSync.Modules.Settings;

/// <summary>The settings that apply, and under <paramref name="Overrides"/> those that an administrator has set.</summary>
/// <param name="TimeZone">IANA name.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Language">BCP 47 tag.</param>
/// <param name="Overrides">As PUT takes it; null where the configuration's value applies.</param>
/// <param name="UpdatedAt">Null where nothing was ever set.</param>
internal sealed record SettingsView(
    OrganisationView Organisation,
    string TimeZone,
    string Currency,
    string Language,
    LimitsView Limits,
    SettingsOverridesView Overrides,
    DateTimeOffset? UpdatedAt,
    int Version)
{
    /// <param name="caller">Who may not change the settings does not see which addresses are blocked.</param>
    public static SettingsView Of(StoredSettings stored, Organisation applied, RateLimits limits, Caller caller)
    {
        var shows = caller.May(SettingsPermissions.Write);
        return new(
            new OrganisationView(applied.Name, applied.Address, applied.ContactEmail),
            applied.Zone.Id,
            applied.Currency,
            applied.Language,
            LimitsView.Of(limits, shows),
            new SettingsOverridesView(
                new OrganisationView(stored.OrganisationName, stored.OrganisationAddress, stored.ContactEmail),
                stored.TimeZone,
                stored.Currency,
                stored.Language,
                LimitsView.Of(stored, shows)),
            stored.UpdatedAt,
            stored.Version);
    }
}

internal sealed record OrganisationView(string? Name, string? Address, string? ContactEmail);

internal sealed record SettingsOverridesView(OrganisationView Organisation, string? TimeZone, string? Currency, string? Language, LimitsView Limits);

/// <param name="BlockedAddresses">Null for callers who may not change the settings.</param>
internal sealed record LimitsView(
    int? AnonymousPerMinute,
    int? ApiKeyPerMinute,
    int? UserPerMinute,
    int? OcrPerMinute,
    int? ExportsPerFiveMinutes,
    int? RefreshPerMinute,
    int? SignInFailuresPerAccount,
    int? SignInFailuresPerAddress,
    int? SignInWindowMinutes,
    IReadOnlyList<string>? BlockedAddresses)
{
    public static LimitsView Of(RateLimits limits, bool showsBlocked) => new(
        limits.AnonymousPerMinute,
        limits.ApiKeyPerMinute,
        limits.UserPerMinute,
        limits.OcrPerMinute,
        limits.ExportsPerFiveMinutes,
        limits.RefreshPerMinute,
        limits.SignInFailuresPerAccount,
        limits.SignInFailuresPerAddress,
        limits.SignInWindowMinutes,
        showsBlocked ? limits.BlockedAddresses : null);

    public static LimitsView Of(StoredSettings stored, bool showsBlocked) => new(
        stored.AnonymousPerMinute,
        stored.ApiKeyPerMinute,
        stored.UserPerMinute,
        stored.OcrPerMinute,
        stored.ExportsPerFiveMinutes,
        stored.RefreshPerMinute,
        stored.SignInFailuresPerAccount,
        stored.SignInFailuresPerAddress,
        stored.SignInWindowMinutes,
        showsBlocked ? stored.BlockedAddressList : null);
}
