using MeterSync.Kernel.Limits;
using MeterSync.Modules.Settings.Domain;
using MeterSync.Modules.Settings.Public;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Settings.Store;

/// <summary>The settings that apply, in memory: the stored ones over the configuration's.</summary>
internal sealed class CurrentSettings(IOptions<OrganisationOptions> organisation, IOptions<RateLimitOptions> limits) : IOrganisationSettings, IRateLimits
{
    private readonly Lock changing = new();
    private volatile State state = StateOf(new StoredSettings { Version = 0 }, organisation.Value, limits.Value);

    Organisation IOrganisationSettings.Current => state.Organisation;

    RateLimits IRateLimits.Current => state.Limits;

    public Organisation Organisation => state.Organisation;

    public RateLimits Limits => state.Limits;

    /// <summary>Takes over what is stored, unless something newer was taken over before: an answer may be overtaken on its way.</summary>
    public void Apply(StoredSettings stored)
    {
        lock (changing)
        {
            if (stored.Version > state.Version)
            {
                state = StateOf(stored, organisation.Value, limits.Value);
            }
        }
    }

    private static State StateOf(StoredSettings stored, OrganisationOptions organisation, RateLimitOptions limits)
    {
        // What was stored was acceptable then; a time zone that this release no longer knows gives way to the configuration's.
        var zone = (stored.TimeZone is { } name ? ZoneNames.Find(name) : null) ?? ZoneNames.Find(organisation.TimeZone)!;
        var addresses = stored.BlockedAddressList ?? limits.BlockedAddresses;
        var blocked = AddressRanges.TryParse(addresses, out var ranges, out _) ? ranges : AddressRanges.None;
        return new State(
            stored.Version,
            new Organisation(
                stored.OrganisationName ?? organisation.Name,
                stored.OrganisationAddress ?? organisation.Address,
                stored.ContactEmail ?? organisation.ContactEmail,
                zone,
                stored.Currency ?? organisation.Currency,
                stored.Language ?? organisation.Language),
            new RateLimits(
                limits.Enabled,
                stored.AnonymousPerMinute ?? limits.AnonymousPerMinute,
                stored.ApiKeyPerMinute ?? limits.ApiKeyPerMinute,
                stored.UserPerMinute ?? limits.UserPerMinute,
                stored.OcrPerMinute ?? limits.OcrPerMinute,
                stored.ExportsPerFiveMinutes ?? limits.ExportsPerFiveMinutes,
                stored.RefreshPerMinute ?? limits.RefreshPerMinute,
                stored.SignInFailuresPerAccount ?? limits.SignInFailuresPerAccount,
                stored.SignInFailuresPerAddress ?? limits.SignInFailuresPerAddress,
                stored.SignInWindowMinutes ?? limits.SignInWindowMinutes,
                addresses)
            {
                Blocked = blocked,
                SyncPerMinute = limits.SyncPerMinute,
            });
    }

    private sealed record State(int Version, Organisation Organisation, RateLimits Limits);
}
