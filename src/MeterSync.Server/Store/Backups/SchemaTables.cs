using System.Text.RegularExpressions;
using MeterSync.Store.Schema;

namespace MeterSync.Store.Backups;

/// <summary>What of a database is the product's, as the schema files say: somebody else's tables beside them are none of ours.</summary>
internal static partial class SchemaTables
{
    private const string Ledger = "schema_migrations";

    /// <summary>Every table that these steps made, in the order they were made.</summary>
    public static IReadOnlyList<string> Of(StoreProvider provider, IEnumerable<SchemaStep> applied)
    {
        var numbers = applied.Select(step => step.Number).ToHashSet();
        return [Ledger, .. Migration.BuiltIn(provider).Where(migration => numbers.Contains(migration.Number)).SelectMany(migration => CreateTable().Matches(migration.Sql)).Select(match => match.Groups["name"].Value).Distinct()];
    }

    /// <summary>Every table that this program's schema files make.</summary>
    public static IReadOnlyList<string> All(StoreProvider provider) => Of(provider, Migration.BuiltIn(provider).Select(migration => new SchemaStep(migration.Number, migration.Name, migration.Checksum)));

    /// <summary>Every view, on PostgreSQL.</summary>
    public static IReadOnlyList<string> Views() => Made(CreateView());

    /// <summary>Every function, on PostgreSQL.</summary>
    public static IReadOnlyList<string> Functions() => Made(CreateFunction());

    private static string[] Made(Regex statement) =>
        [.. Migration.BuiltIn(StoreProvider.Postgres).SelectMany(migration => statement.Matches(migration.Sql)).Select(match => match.Groups["name"].Value).Distinct()];

    [GeneratedRegex(@"^create table (if not exists )?(?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex CreateTable();

    [GeneratedRegex(@"^create (or replace )?view (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex CreateView();

    [GeneratedRegex(@"^create (or replace )?function (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex CreateFunction();
}
