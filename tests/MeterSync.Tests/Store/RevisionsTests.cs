using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using MeterSync.Store.Audit;
using MeterSync.Store.Bulk;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MeterSync.Tests.Store;

/// <summary>Rows changed past the change tracker leave what a save would have left; rows looked up by many ids are the rows of these ids.</summary>
public abstract class RevisionsTests
{
    private const int Count = 40;
    private static readonly DateTimeOffset Instant = new(2026, 3, 31, 8, 15, 30, 123, 456, TimeSpan.Zero);

    private protected abstract StoreProvider Provider { get; }

    [Fact]
    public async Task Leaves_the_rows_versions_and_audit_entries_that_a_save_leaves()
    {
        var (saved, savedTold) = await ChangeAsync(async (db, _, rows) =>
        {
            db.AttachRange(rows);
            rows.ForEach(Change);
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });
        var (revised, revisedTold) = await ChangeAsync(async (db, bulk, rows) =>
        {
            var revisions = new Revisions<WalkRoute>(db, bulk);
            rows.ForEach(revisions.Begin);
            rows.ForEach(Change);
            await revisions.WriteAsync(TestContext.Current.CancellationToken);
        });
        Assert.Equal(saved, revised);
        Assert.Equal(savedTold, revisedTold);
        Assert.Equal(Count / 2, revisedTold.Count);
        Assert.Contains("\"version\":2", revisedTold[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Looks_up_each_of_many_ids_once()
    {
        await using var database = await ScratchDatabase.CreateAsync(Provider);
        await using var scope = await FilledAsync(database);
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        Guid[] wanted = [IdOf(3).Value, IdOf(3).Value, IdOf(17).Value, Guid.AllBitsSet];
        Assert.Equal(["Route 17", "Route 3"], await db.Among<WalkRoute>(nameof(WalkRoute.Id), wanted).OrderBy(route => route.Name).Select(route => route.Name).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["Route 3"], await db.Among<WalkRoute>(nameof(WalkRoute.Id), wanted).Where(route => route.Name == "Route 3").Select(route => route.Name).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Empty(await db.Among<WalkRoute>(nameof(WalkRoute.Id), []).ToListAsync(TestContext.Current.CancellationToken));
    }

    private async Task<(List<(string, string?, int)> Rows, List<string> Told)> ChangeAsync(Func<MeterSyncDb, BulkStore, List<WalkRoute>, Task> change)
    {
        await using var database = await ScratchDatabase.CreateAsync(Provider);
        await using var scope = await FilledAsync(database);
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        var rows = await db.Set<WalkRoute>().AsNoTracking().OrderBy(route => route.Id).ToListAsync(TestContext.Current.CancellationToken);
        await scope.ServiceProvider.GetRequiredService<WriteTransactions>().RunAsync<Done>(
            async _ =>
            {
                await change(db, scope.ServiceProvider.GetRequiredService<BulkStore>(), rows);
                return Done.It;
            },
            TestContext.Current.CancellationToken);
        db.ChangeTracker.Clear();
        var kept = await db.Set<WalkRoute>().AsNoTracking().OrderBy(route => route.Id).Select(route => new { route.Name, route.Description, route.Version }).ToListAsync(TestContext.Current.CancellationToken);
        var told = await db.Set<AuditEntry>().AsNoTracking().Where(entry => entry.Action == "updated").OrderBy(entry => entry.EntityId).Select(entry => $"{entry.EntityType} {entry.EntityId}: {entry.OldData} {entry.NewData}").ToListAsync(TestContext.Current.CancellationToken);
        return (kept.ConvertAll(row => (row.Name, row.Description, row.Version)), told);
    }

    /// <summary>Half of them; some lose a value.</summary>
    private static void Change(WalkRoute route)
    {
        if (route.Id.Value.ToByteArray(bigEndian: true)[15] % 2 == 0)
        {
            (route.Name, route.Description) = ($"{route.Name} anew", null);
        }
    }

    private static RouteId IdOf(int number) => new(new Guid($"01890000-0000-7000-8000-0000000000{number:x2}"));

    private async Task<AsyncServiceScope> FilledAsync(ScratchDatabase database)
    {
        await database.UpgradeAsync(MeterSync.Store.Schema.Migration.BuiltIn(Provider));
        var scope = database.Process().CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        db.AddRange(Enumerable.Range(1, Count).Select(number => new WalkRoute { Id = IdOf(number), Name = $"Route {number}", NameKey = $"route {number}", Description = "Up the hill", CreatedAt = Instant, UpdatedAt = Instant }));
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        db.ChangeTracker.Clear();
        return scope;
    }
}

public sealed class RevisionsOnSqliteTests : RevisionsTests
{
    private protected override StoreProvider Provider => StoreProvider.Sqlite;
}

public sealed class RevisionsOnPostgresTests : RevisionsTests
{
    private protected override StoreProvider Provider => StoreProvider.Postgres;
}
