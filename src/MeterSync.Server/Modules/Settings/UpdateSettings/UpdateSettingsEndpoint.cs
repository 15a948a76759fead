using System.Net;
using MeterSync.Kernel;
using MeterSync.Kernel.Limits;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Settings.Domain;
using MeterSync.Modules.Settings.Requests;
using MeterSync.Modules.Settings.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Settings.UpdateSettings;

internal static class UpdateSettingsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/settings", async (UpdateSettingsRequest request, HttpRequest http, UpdateSettingsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer(settings => settings.Version))
            .Slice<SettingsView>("UpdateSettings", "Change settings: null goes back to the configuration's value, what is left out stays").RequirePermission(SettingsPermissions.Write)
            .CountedAs(RateGroup.None) // whoever set a limit too low must be able to undo it
            .BodyLike("""{"organisation":{"name":"Mill Lane Water","address":"12 Mill Lane","contact_email":"office@example.com"},"time_zone":"Europe/Berlin","currency":"EUR","language":"de-DE","limits":{"anonymous_per_minute":null,"api_key_per_minute":100,"user_per_minute":600,"ocr_per_minute":30,"exports_per_five_minutes":3,"refresh_per_minute":300,"sign_in_failures_per_account":5,"sign_in_failures_per_address":50,"sign_in_window_minutes":5,"blocked_addresses":["203.0.113.7","198.51.100.0/24"]}}""");
}

internal sealed class UpdateSettingsHandler(MeterSyncDb db, CurrentSettings current, CallerAccessor callers, TimeProvider clock)
{
    public async Task<Outcome<SettingsView>> HandleAsync(UpdateSettingsRequest request, int? expectedVersion, CancellationToken cancellationToken)
    {
        if (BlocksCaller(request))
        {
            return KernelProblems.Invalid.For("limits.blocked_addresses", $"The list has the address you come from, {callers.Caller.IpAddress}: you would lock yourself out.");
        }

        var stored = await db.Set<StoredSettings>().FirstAsync(settings => settings.Id == StoredSettings.OnlyId, cancellationToken);
        if (expectedVersion is { } expected && expected != stored.Version)
        {
            return KernelProblems.LostUpdate.Because($"The settings were changed since you read them: they are at version {stored.Version}.");
        }

        request.WriteTo(stored);
        if (db.ChangeTracker.HasChanges())
        {
            stored.UpdatedAt = clock.GetUtcNow().ToStored();
            await db.SaveChangesAsync(cancellationToken);
        }

        current.Apply(stored);
        return SettingsView.Of(stored, current.Organisation, current.Limits, callers.Caller);
    }

    private bool BlocksCaller(UpdateSettingsRequest request) =>
        request.Limits?.BlockedAddresses is { } list && IPAddress.TryParse(callers.Caller.IpAddress, out var own) && AddressRanges.TryParse(list, out var ranges, out _) && ranges.Contains(own);
}
