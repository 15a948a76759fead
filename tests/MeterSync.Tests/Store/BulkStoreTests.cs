using System.Data.Common;
using Dapper;
using MeterSync.Host;
using MeterSync.Kernel;
using MeterSync.Store;
using MeterSync.Store.Audit;
using MeterSync.Store.Bulk;
using MeterSync.Store.Imports;
using MeterSync.Store.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Store;

/// <summary>Rows written in bulk are the rows EF would have written, for every table of the mapping and so for every kind of column.</summary>
public abstract class BulkStoreTests
{
    private static readonly DateTimeOffset Instant = new(2026, 3, 31, 8, 15, 30, 123, 456, TimeSpan.Zero);

    private protected abstract StoreProvider Provider { get; }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Inserts_every_kind_of_column_as_EF_does(bool withNulls)
    {
        await using var ours = await ScratchDatabase.CreateAsync(Provider);
        await using var theirs = await ScratchDatabase.CreateAsync(Provider);
        await ours.UpgradeAsync(Migration.BuiltIn(Provider));
        await theirs.UpgradeAsync(Migration.BuiltIn(Provider));
        await WriteAsync(theirs, withNulls, (db, _, rows) =>
        {
            db.AddRange(rows);
            return db.SaveChangesAsync();
        });
        await WriteAsync(ours, withNulls, (_, bulk, rows) => CallAsync(bulk, nameof(BulkStore.InsertAsync), rows));
        await AssertSameAsync(theirs, ours);
    }

    [Fact]
    public async Task Overwrites_every_column_but_the_key()
    {
        await using var ours = await ScratchDatabase.CreateAsync(Provider);
        await using var theirs = await ScratchDatabase.CreateAsync(Provider);
        await ours.UpgradeAsync(Migration.BuiltIn(Provider));
        await theirs.UpgradeAsync(Migration.BuiltIn(Provider));
        await WriteAsync(theirs, withNulls: false, (_, bulk, rows) => CallAsync(bulk, nameof(BulkStore.InsertAsync), rows));
        await WriteAsync(ours, withNulls: true, (_, bulk, rows) => CallAsync(bulk, nameof(BulkStore.InsertAsync), rows));
        await WriteAsync(ours, withNulls: false, (db, bulk, rows) => IsAllKey(db, rows[0]) ? Task.CompletedTask : CallAsync(bulk, nameof(BulkStore.UpdateAsync), rows));
        await AssertSameAsync(theirs, ours);
    }

    private static bool IsAllKey(MeterSyncDb db, object row) => db.Model.FindEntityType(row.GetType())!.GetProperties().All(property => property.IsPrimaryKey());

    /// <summary>On SQLite sixteen rows go in at a time, then the rest.</summary>
    [Theory]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(33)]
    public async Task Inserts_every_row_of_many_with_its_own_values(int count)
    {
        await using var database = await ScratchDatabase.CreateAsync(Provider);
        await database.UpgradeAsync(Migration.BuiltIn(Provider));
        await using var scope = database.Process().CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        var bulk = scope.ServiceProvider.GetRequiredService<BulkStore>();
        var rows = Enumerable.Range(1, count).Select(number => new ImportBatch
        {
            Id = new ImportBatchId(new Guid(number, 0, 0, new byte[8])),
            Kind = "meters",
            JobId = new JobId(new Guid(number, 1, 0, new byte[8])),
            FileName = $"file {number}.csv",
            FileHash = [(byte)number],
            CreatedCount = number,
            CreatedByName = $"person {number}",
            CreatedAt = Instant.AddSeconds(number),
            UndoneAt = number % 2 == 0 ? Instant.AddDays(number) : null,
        }).ToList();
        await scope.ServiceProvider.GetRequiredService<WriteTransactions>().RunAsync<Done>(
            async token =>
            {
                Assert.Equal(count, await bulk.InsertAsync(rows, token));
                return Done.It;
            },
            CancellationToken.None);
        var kept = await db.Set<ImportBatch>().AsNoTracking().OrderBy(batch => batch.CreatedCount).ToListAsync();
        Assert.Equal(rows.Select(Told), kept.Select(Told));

        static (ImportBatchId, JobId, string, byte, int, string, DateTimeOffset, DateTimeOffset?) Told(ImportBatch batch) =>
            (batch.Id, batch.JobId, batch.FileName, batch.FileHash[0], batch.CreatedCount, batch.CreatedByName, batch.CreatedAt, batch.UndoneAt);
    }

    [Fact]
    public async Task Needs_a_transaction()
    {
        await using var database = await ScratchDatabase.CreateAsync(Provider);
        await database.UpgradeAsync(Migration.BuiltIn(Provider));
        await using var scope = database.Process().CreateAsyncScope();
        await Assert.ThrowsAsync<InvalidOperationException>(() => scope.ServiceProvider.GetRequiredService<BulkStore>().InsertAsync<ImportBatch>([], CancellationToken.None));
    }

    private static async Task WriteAsync(ScratchDatabase database, bool withNulls, Func<MeterSyncDb, BulkStore, IReadOnlyList<object>, Task> write)
    {
        await using var scope = database.Process().CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        var bulk = scope.ServiceProvider.GetRequiredService<BulkStore>();
        var outcome = await scope.ServiceProvider.GetRequiredService<WriteTransactions>().RunAsync<Done>(
            async _ =>
            {
                foreach (var entity in InOrderOfNeed(db.Model).Where(entity => entity.ClrType != typeof(AuditEntry)))
                {
                    await write(db, bulk, [RowOf(entity, withNulls)]);
                }

                return Done.It;
            },
            CancellationToken.None);
        Assert.True(outcome.Succeeded);
    }

    /// <summary>Have a row from the start: the settings take no other, and the first epoch's id is another in each database.</summary>
    private static readonly string[] Filled = ["settings", "store_epochs"];

    /// <summary>Tables before those that point to them: the store's, then each module's in the order of the catalogue, since modules point back to earlier ones.</summary>
    private static List<IEntityType> InOrderOfNeed(IModel model)
    {
        var ordered = new List<IEntityType>();
        var owners = ModuleCatalog.All.Select(module => $"MeterSync.Modules.{module.Name}.").Prepend("MeterSync.Store.");
        foreach (var waiting in owners.Select(owner => model.GetEntityTypes().Where(entity => $"{entity.ClrType.Namespace}.".StartsWith(owner, StringComparison.Ordinal)).ToList()))
        {
            while (waiting.Count > 0)
            {
                var ready = waiting.Where(entity => entity.GetForeignKeys().All(key => key.PrincipalEntityType == entity || ordered.Contains(key.PrincipalEntityType))).ToList();
                Assert.NotEmpty(ready);
                ordered.AddRange(ready);
                waiting.RemoveAll(ready.Contains);
            }
        }

        Assert.Equal(model.GetEntityTypes().Count(), ordered.Count);
        ordered.RemoveAll(entity => entity.GetTableName() is not { } table || Filled.Contains(table)); // null: a view
        return ordered;
    }

    /// <summary>One row whose values come from the column's type alone, so that what points to a row finds it. The audit trail's own rows are made by EF's side too, so it is left alone; so are persons' keys.</summary>
    private static object RowOf(IEntityType entity, bool withNulls)
    {
        var row = Activator.CreateInstance(entity.ClrType, nonPublic: true)!;
        foreach (var property in entity.GetProperties().Where(property => property.PropertyInfo?.CanWrite == true))
        {
            property.PropertyInfo!.SetValue(row, (withNulls && property.IsNullable) || property.Name == "Polygon" ? null : ValueOf(property));
        }

        return row;
    }

    private static object ValueOf(IProperty property)
    {
        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        var id = new Guid("01890000-0000-7000-8000-000000000001");
        return property.Name is "Latitude" or "Longitude" ? 51.5072
            : type == typeof(string) ? property.FindAnnotation(MeterSync.Store.Model.StoreConventions.JsonColumn) is null ? "Grüße, 東京 💧 'quoted' \\ back\tslash" : "{\"a\": [1, 2.5, null, \"ä\"]}"
            : type == typeof(Guid) ? id
            : type == typeof(bool) ? true
            : type == typeof(int) ? 7
            : type == typeof(long) ? 7_000_000_000L
            : type == typeof(double) ? 0.1
            : type == typeof(decimal) ? 123456789012.654321m
            : type == typeof(DateTimeOffset) ? property.Name.EndsWith("To", StringComparison.Ordinal) ? Instant.AddDays(31) : Instant
            : type == typeof(DateOnly) ? new DateOnly(2026, property.Name.EndsWith("To", StringComparison.Ordinal) ? 4 : 3, 30)
            : type == typeof(byte[]) ? new byte[] { 0, 1, 254, 255 }
            : type.IsEnum ? Enum.GetValues(type).GetValue(0)!
            : type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(ITypedId<>)) ? Activator.CreateInstance(type, id)!
            : throw new NotSupportedException($"{property.DeclaringType.Name}.{property.Name} is a {type.Name}: say here what a value of it looks like.");
    }

    private static async Task CallAsync(BulkStore bulk, string method, IReadOnlyList<object> rows)
    {
        var typed = Array.CreateInstance(rows[0].GetType(), rows.Count);
        Array.Copy(rows.ToArray(), typed, rows.Count);
        var written = await (Task<int>)typeof(BulkStore).GetMethod(method)!.MakeGenericMethod(rows[0].GetType()).Invoke(bulk, [typed, CancellationToken.None])!;
        Assert.Equal(rows.Count, written);
    }

    private async Task AssertSameAsync(ScratchDatabase expected, ScratchDatabase actual)
    {
        await using var scope = expected.Process().CreateAsyncScope();
        await using var left = await expected.OpenAsync();
        await using var right = await actual.OpenAsync();
        foreach (var table in scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Model.GetEntityTypes().Select(entity => entity.GetTableName()).OfType<string>().Where(name => name is not ("audit_log" or "person_keys" or "store_epochs")))
        {
            var rows = await RowsAsync(left, table);
            Assert.Single(rows);
            Assert.Equal(rows, await RowsAsync(right, table));
        }
    }

    private async Task<List<string>> RowsAsync(DbConnection connection, string table)
    {
        if (Provider == StoreProvider.Postgres)
        {
            return (await connection.QueryAsync<string>($"select t::text from {table} t")).ToList();
        }

        var columns = (await connection.QueryAsync<string>($"select name from pragma_table_info('{table}')")).Where(name => name != "row_id");
        return (await connection.QueryAsync<string>($"select {string.Join(" || '|' || ", columns.Select(column => $"typeof({column}) || quote({column})"))} from {table}")).ToList();
    }
}

public sealed class BulkStoreOnSqliteTests : BulkStoreTests
{
    private protected override StoreProvider Provider => StoreProvider.Sqlite;
}

public sealed class BulkStoreOnPostgresTests : BulkStoreTests
{
    private protected override StoreProvider Provider => StoreProvider.Postgres;
}
