using System.Diagnostics.Metrics;
using MeterSync.Kernel;
using MeterSync.Kernel.Telemetry;
using MeterSync.Modules.Uploads.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Uploads.Store;

/// <summary>How many uploads are under way.</summary>
internal sealed class UploadGauges(IServiceScopeFactory scopes, TimeProvider clock) : IGaugeSource
{
    private const int CountCap = 100_000;
    private long? open;

    public void Register(Meter meter) => meter.CreateObservableGauge("metersync.uploads.open", Open, "{upload}", "Uploads that are not finished, of all processes on this database; counted up to 100,000");

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        open = null;
        var now = clock.GetUtcNow().ToStored();
        await using var scope = scopes.CreateAsyncScope();
        open = await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<Upload>().Where(upload => upload.Status == UploadStatus.Open && upload.ExpiresAt > now).Take(CountCap).CountAsync(cancellationToken);
    }

    private IEnumerable<Measurement<long>> Open() => open is { } known ? [new(known)] : [];
}
