using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Settings.Domain;
using MeterSync.Modules.Settings.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Settings.GetSettings;

internal static class GetSettingsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/settings", async (GetSettingsHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(cancellationToken)).ToAnswer(settings => settings.Version))
            .Slice<SettingsView>("GetSettings", "The organisation, its time zone, currency and language, and the limits").RequireSignIn();
}

/// <summary>Asks the database, so that the ETag is the newest also where another process made the last change.</summary>
internal sealed class GetSettingsHandler(MeterSyncDb db, CurrentSettings current, CallerAccessor callers)
{
    public async Task<Outcome<SettingsView>> HandleAsync(CancellationToken cancellationToken)
    {
        var stored = await db.Set<StoredSettings>().AsNoTracking().FirstAsync(settings => settings.Id == StoredSettings.OnlyId, cancellationToken);
        current.Apply(stored);
        return SettingsView.Of(stored, current.Organisation, current.Limits, callers.Caller);
    }
}
