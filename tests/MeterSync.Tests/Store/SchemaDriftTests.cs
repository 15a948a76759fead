using MeterSync.Store;
using MeterSync.Store.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Store;

/// <summary>The EF mapping and the SQL files describe one schema.</summary>
public abstract class SchemaDriftTests
{
    /// <summary>What the SQL has and the mapping need not know, with the reason.</summary>
    private static readonly Dictionary<string, string> Extras = new()
    {
        ["column service_points.row_id integer not null"] = "SQLite's own key, for the R*Tree",
        ["key service_points (row_id)"] = "the same",
        ["unique index service_points (id)"] = "guards what the mapping calls the key",
        ["column service_points.position geography(Point,4326) null"] = "generated from latitude and longitude",
        ["index service_points (position)"] = "nearest meters on PostgreSQL",
        ["index meters (search_text)"] = "trigrams, for the search on PostgreSQL",
    };

    /// <summary>What the mapping has and the SQL spells otherwise.</summary>
    private static readonly Dictionary<string, string> SpelledOtherwise = new()
    {
        ["key service_points (id)"] = "a unique index on SQLite, where row_id is the key",
    };

    private protected abstract StoreProvider Provider { get; }

    [Fact]
    public async Task The_mapping_and_the_SQL_files_describe_the_same_tables()
    {
        await using var database = await ScratchDatabase.CreateAsync(Provider);
        await database.UpgradeAsync(Migration.BuiltIn(Provider));
        await using var connection = await database.OpenAsync();
        var real = await RealSchema.ReadAsync(connection, Provider);
        await using var scope = database.Process().CreateAsyncScope();
        var model = scope.ServiceProvider.GetRequiredService<MeterSyncDb>().GetService<IDesignTimeModel>().Model;
        var mapped = Mapped(model);
        Assert.True(mapped.Count > 100, "The mapping was hardly read.");
        Assert.Equal([], real.Except(mapped).Where(line => !Extras.ContainsKey(line) && !line.StartsWith("index ", StringComparison.Ordinal) && !CrossesModules(model, line)));
        Assert.Equal([], mapped.Except(real).Where(line => !(SpelledOtherwise.ContainsKey(line) && Provider == StoreProvider.Sqlite)));
    }

    [Fact]
    public async Task A_change_of_the_database_shows()
    {
        await using var database = await ScratchDatabase.CreateAsync(Provider);
        await database.UpgradeAsync(Migration.BuiltIn(Provider));
        await using var connection = await database.OpenAsync();
        var before = await RealSchema.ReadAsync(connection, Provider);
        foreach (var change in new[] { "alter table users add column nickname text", "create unique index ix_planted on users (name)", "create table planted (id integer not null primary key)", "alter table users drop column is_demo" })
        {
            await Dapper.SqlMapper.ExecuteAsync(connection, change);
            var after = await RealSchema.ReadAsync(connection, Provider);
            Assert.False(before.SetEquals(after), change);
            before = after;
        }
    }

    /// <summary>A module's mapping cannot name another module's entities, but its SQL can keep what points there from going astray.</summary>
    private static bool CrossesModules(IModel model, string line)
    {
        return line.StartsWith("foreign key ", StringComparison.Ordinal) && OwnerOf(line.Split(' ')[2]) != OwnerOf(line.Split(" to ")[1]);

        string OwnerOf(string table) => string.Join('.', model.GetEntityTypes().Single(entity => entity.GetTableName() == table).ClrType.Namespace!.Split('.').Take(3));
    }

    private SortedSet<string> Mapped(IModel model)
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var entity in model.GetEntityTypes().Where(entity => entity.GetViewName() is null))
        {
            var table = entity.GetTableName();
            foreach (var property in entity.GetProperties())
            {
                lines.Add($"column {table}.{property.GetColumnName()} {Spelled(property.GetColumnType())} {(property.IsNullable ? "null" : "not null")}");
            }

            lines.Add($"key {table} ({Columns(entity.FindPrimaryKey()!.Properties)})");
            foreach (var foreign in entity.GetForeignKeys())
            {
                lines.Add($"foreign key {table} ({Columns(foreign.Properties)}) to {foreign.PrincipalEntityType.GetTableName()}");
            }

            // EF adds an index to every foreign key by convention; only the indexes a mapping asks for count.
            foreach (var index in entity.GetIndexes().Where(index => ((IConventionIndex)index).GetConfigurationSource() == ConfigurationSource.Explicit))
            {
                lines.Add($"{(index.IsUnique ? "unique index" : "index")} {table} ({Columns(index.Properties)})");
            }
        }

        return lines;
    }

    private static string Columns(IEnumerable<IProperty> properties) => string.Join(", ", properties.Select(property => property.GetColumnName()));

    private string Spelled(string type) => Provider == StoreProvider.Sqlite ? type.ToLowerInvariant() : type switch
    {
        "timestamptz" => "timestamp with time zone",
        _ => type,
    };
}

public sealed class SchemaDriftOnSqliteTests : SchemaDriftTests
{
    private protected override StoreProvider Provider => StoreProvider.Sqlite;
}

public sealed class SchemaDriftOnPostgresTests : SchemaDriftTests
{
    private protected override StoreProvider Provider => StoreProvider.Postgres;
}
