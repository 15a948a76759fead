using System.Threading.Channels;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using MeterSync.Store.Bulk;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MeterSync.Modules.Readings.Store;

/// <summary>Reads values ahead of whoever takes them: SQLite and what is made of its rows each have a core. What goes wrong reaches the taker.</summary>
/// <param name="readings">Gives <see cref="SqliteValueRow.ReadingColumns"/>, readings of one instant by id. Its connection is used for nothing else meanwhile.</param>
/// <param name="values">Gives the reading's id and <see cref="SqliteValueRow.ValueColumns"/>, both commands by reading; null where each row of the other has the columns of a value behind those
/// of its reading.</param>
/// <param name="sort">Takes the values where they do not come by instant; null where they do.</param>
/// <param name="parts">Where the values go.</param>
/// <param name="words">Keeps their texts.</param>
internal sealed class SqliteValueWalk(SqliteCommand readings, SqliteCommand? values, StableSort<SqliteValueRow>? sort, ChannelWriter<List<LedgerValue>> parts, SqliteWords words) : IDisposable
{
    private const int PartValues = 64;
    private readonly SqliteRegisterNames registers = new(readings.Connection!, readings.Transaction);
    private readonly List<SqliteValueRow> visit = [];
    private List<LedgerValue> part = new(PartValues);
    private SqliteCommand? notes;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync(cancellationToken);
            foreach (var row in sort?.Rows() ?? [])
            {
                HandOut(row);
                await SendFullPartAsync(cancellationToken);
            }

            await parts.WriteAsync(part, cancellationToken);
            parts.Complete();
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_INTERRUPT && cancellationToken.IsCancellationRequested)
        {
            parts.Complete(new OperationCanceledException(exception.Message, exception, cancellationToken));
        }
        catch (Exception exception)
        {
            parts.Complete(exception);
        }
    }

    public void Dispose()
    {
        registers.Dispose();
        notes?.Dispose();
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        // Between two matching rows may lie a long way: only an interrupt ends it before.
        await using var interrupt = cancellationToken.Register(() => raw.sqlite3_interrupt(readings.Connection!.Handle));
        await using var reader = await readings.ExecuteReaderAsync(cancellationToken);
        var row = new SqliteRow(reader.Handle!);
        if (values is not null)
        {
            await using var other = await values.ExecuteReaderAsync(cancellationToken);
            Match(reader, row, other, new SqliteRow(other.Handle!), cancellationToken);
            return;
        }

        while (reader.Read())
        {
            var next = new SqliteValueRow(row, row, SqliteValueRow.BesideReading, words);
            if (visit.Count > 0 && visit[0].Reading != next.Reading)
            {
                EndVisit(cancellationToken);
                await SendFullPartAsync(cancellationToken);
            }

            visit.Add(next);
        }

        EndVisit(cancellationToken);
    }

    /// <summary>Goes through both as they lie: finding the values of each reading anew takes a quarter of the time of a walk over all.</summary>
    private void Match(SqliteDataReader reader, SqliteRow reading, SqliteDataReader other, SqliteRow value, CancellationToken cancellationToken)
    {
        var isLeft = other.Read();
        while (isLeft && reader.Read())
        {
            var id = reading[0].Bytes;
            var order = -1;
            while (isLeft && (order = value[0].Bytes.SequenceCompareTo(id)) < 0)
            {
                isLeft = other.Read();
            }

            for (; isLeft && order == 0; order = isLeft ? value[0].Bytes.SequenceCompareTo(id) : 1)
            {
                visit.Add(new SqliteValueRow(reading, value, 1, words));
                isLeft = other.Read();
            }

            EndVisit(cancellationToken);
        }
    }

    /// <summary>Values of one reading come by the ordinal of their register.</summary>
    private void EndVisit(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested(); // an interrupt that came before the first row is forgotten
        foreach (var row in visit.Count > 1 ? [.. visit.OrderBy(row => registers.Of(row.Register).Ordinal)] : visit)
        {
            if (sort is null)
            {
                HandOut(row);
            }
            else
            {
                sort.Add(row.At, row);
            }
        }

        visit.Clear();
        if (sort is null)
        {
            words.MakeRoom();
        }
    }

    private void HandOut(in SqliteValueRow row) => part.Add(row.ToValue(registers.Of(row.Register), words, NotesOf));

    /// <summary>Notes of a reading that were not kept while it was sorted.</summary>
    private string? NotesOf(Guid reading)
    {
        if (notes is null)
        {
            notes = readings.Connection!.CreateCommand();
            notes.CommandText = "select notes from readings where id = @id";
            notes.Transaction = readings.Transaction;
            notes.Parameters.Add("@id", SqliteType.Blob);
        }

        notes.Parameters[0].Value = reading.ToByteArray(true);
        return notes.ExecuteScalar() as string;
    }

    private async ValueTask SendFullPartAsync(CancellationToken cancellationToken)
    {
        if (part.Count >= PartValues)
        {
            await parts.WriteAsync(part, cancellationToken);
            part = new List<LedgerValue>(PartValues);
        }
    }
}
