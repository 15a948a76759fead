using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Store;
using MeterSync.Store.Audit;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MeterSync.Tests.Modules.Meters;

/// <summary>Rows that other modules would have written, and what the tables say.</summary>
internal static class MeterRows
{
    public static readonly DateTimeOffset ReadAt = new(2026, 3, 31, 8, 0, 0, TimeSpan.Zero);

    /// <summary>A reading of the meter: held, or accepted and noted as its last.</summary>
    public static Task AddReadingAsync(ServerFixture server, JsonNode meter, bool held, DateTimeOffset? at = null) => WithDbAsync(server, async (db, ids) =>
    {
        var id = new MeterId(Guid.Parse((string)meter["id"]!));
        db.Add(new Reading { Id = ids.Next<ReadingId>(), MeterId = id, ReadingAt = at ?? ReadAt, ReceivedAt = at ?? ReadAt, State = held ? ReadingState.Held : ReadingState.Accepted });
        if (!held)
        {
            db.Add(new MeterLastReading { MeterId = id, ReadingAt = at ?? ReadAt, Value = 1234.5m, Unit = "kWh" });
        }

        return await db.SaveChangesAsync();
    });

    public static Task<List<string>> AuditActionsAsync(ServerFixture server, string entityType, string id) => WithDbAsync(server, (db, _) =>
    {
        var entity = Guid.Parse(id);
        return db.Set<AuditEntry>().Where(entry => entry.EntityType == entityType && entry.EntityId == entity).OrderBy(entry => entry.At).Select(entry => entry.Action).ToListAsync();
    });

    public static async Task<T> WithDbAsync<T>(ServerFixture server, Func<MeterSyncDb, IdSource, Task<T>> work)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<MeterSyncDb>(), scope.ServiceProvider.GetRequiredService<IdSource>());
    }
}
