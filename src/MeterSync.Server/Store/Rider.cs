using Npgsql;

namespace MeterSync.Store;

/// <summary>A question to PostgreSQL that travels in the round trip of another one. On SQLite, where a round trip costs nothing, riders stay at home.</summary>
internal abstract class Rider
{
    /// <summary>The answer is there; false until then and always on SQLite.</summary>
    public bool Arrived { get; private set; }

    /// <summary>One statement with one result set.</summary>
    public abstract NpgsqlBatchCommand Command();

    public async Task TakeAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        await ReadAsync(rows, cancellationToken);
        Arrived = true;
    }

    protected abstract Task ReadAsync(NpgsqlDataReader rows, CancellationToken cancellationToken);
}
