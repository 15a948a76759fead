using System.Diagnostics.Metrics;
using MeterSync.Kernel.Telemetry;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Store.Events;

/// <summary>How many events wait to be carried on, and since when the oldest one.</summary>
internal sealed class OutboxGauges(IServiceScopeFactory scopes, TimeProvider clock) : IGaugeSource
{
    private const int CountCap = 100_000;
    private volatile WaitingEvents? waiting;

    public void Register(Meter meter)
    {
        meter.CreateObservableGauge("metersync.outbox.waiting", Count, "{event}", "Events that wait to be carried on, of all processes on this database; counted up to 100,000");
        meter.CreateObservableGauge("metersync.outbox.oldest_age", Age, "s", "How long the oldest of them waits; 0 where none does");
    }

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        waiting = null;
        await using var scope = scopes.CreateAsyncScope();
        var events = scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<OutboxEvent>().AsNoTracking().Where(one => one.HandledAt == null);
        var oldest = await events.OrderBy(one => one.At).ThenBy(one => one.Id).Select(one => (DateTimeOffset?)one.At).FirstOrDefaultAsync(cancellationToken);
        waiting = new WaitingEvents(oldest is null ? 0 : await events.Take(CountCap).CountAsync(cancellationToken), oldest);
    }

    private IEnumerable<Measurement<long>> Count() => waiting is { } known ? [new(known.Count)] : [];

    private IEnumerable<Measurement<double>> Age() => waiting is { } known ? [new(known.Oldest is { } since ? Math.Max(0, (clock.GetUtcNow() - since).TotalSeconds) : 0)] : [];

    private sealed record WaitingEvents(int Count, DateTimeOffset? Oldest);
}
