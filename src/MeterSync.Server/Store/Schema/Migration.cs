using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MeterSync.Store.Schema;

/// <summary>A file as the database remembers it.</summary>
/// <param name="AppliedAt">Round-trip format, UTC.</param>
internal sealed record AppliedMigration(int Number, string Name, string AppliedAt);

/// <summary>One numbered SQL file.</summary>
/// <param name="Number">From the file name; applied in this order, without gaps.</param>
/// <param name="Name">The rest of the file name.</param>
/// <param name="Sql">The whole file.</param>
internal sealed record Migration(int Number, string Name, string Sql)
{
    /// <summary>A first line of <c>-- no-transaction</c> asks to run outside one, for online index builds.</summary>
    public bool InTransaction => !Sql.StartsWith("-- no-transaction", StringComparison.Ordinal);

    /// <summary>SHA-256 of the text with unix line ends, hex.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>The files built into the program for one database, in order.</summary>
    public static IReadOnlyList<Migration> BuiltIn(StoreProvider provider)
    {
        var marker = $".Store.Migrations.{(provider == StoreProvider.Postgres ? "postgres" : "sqlite")}.";
        var assembly = typeof(Migration).Assembly;
        var found = new List<Migration>();
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            var at = resource.IndexOf(marker, StringComparison.Ordinal);
            if (at < 0)
            {
                continue;
            }

            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var file = resource[(at + marker.Length)..];
            found.Add(new Migration(int.Parse(file.AsSpan(0, 4), CultureInfo.InvariantCulture), file[5..^4], reader.ReadToEnd()));
        }

        return [.. found.OrderBy(migration => migration.Number)];
    }
}
