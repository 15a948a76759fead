using System.ComponentModel.DataAnnotations;

namespace MeterSync.Store;

/// <summary>Which database, and where. Section <c>Database</c>.</summary>
public sealed class StoreOptions
{
    public const string Section = "Database";

    /// <summary><c>sqlite</c> (default: one file in the data directory) or <c>postgres</c>.</summary>
    [RegularExpression("(?i)^(sqlite|postgres)$", ErrorMessage = "Database:Provider is sqlite or postgres.")]
    public string Provider { get; set; } = "sqlite";

    /// <summary>Npgsql connection string; unused on SQLite, where the file is DATA/metersync.db.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Seconds a write waits for the database before it is answered with 503.</summary>
    [Range(1, 300)]
    public int WaitSeconds { get; set; } = 15;

    /// <summary>Write every SQL statement to the log, without the values.</summary>
    public bool Echo { get; set; }

    public StoreProvider Kind => Provider.Equals("postgres", StringComparison.OrdinalIgnoreCase) ? StoreProvider.Postgres : StoreProvider.Sqlite;
}

public enum StoreProvider
{
    Sqlite,
    Postgres,
}
