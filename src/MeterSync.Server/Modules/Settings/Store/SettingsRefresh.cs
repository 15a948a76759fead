using MeterSync.Modules.Settings.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Settings.Store;

/// <summary>Reads the stored settings before the first request, and on PostgreSQL again and again: another process may change them.</summary>
internal sealed class SettingsRefresh(IServiceScopeFactory scopes, CurrentSettings current, IOptions<StoreOptions> store, TimeProvider clock, ILogger<SettingsRefresh> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var stored = await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<StoredSettings>().AsNoTracking().FirstAsync(settings => settings.Id == StoredSettings.OnlyId, cancellationToken);
        current.Apply(stored);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (store.Value.Kind == StoreProvider.Sqlite)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LoadAsync(stoppingToken);
            }
            catch (Exception exception) when (StoreFaults.IsUnavailable(exception))
            {
                log.LogWarning(exception, "The settings could not be refreshed; the last known ones stay in use");
            }
        }
    }
}
