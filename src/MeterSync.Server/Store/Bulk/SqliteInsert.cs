using Microsoft.Data.Sqlite;

namespace MeterSync.Store.Bulk;

/// <summary>Inserts rows several at a time: for one small row SQLite spends more on beginning and ending the statement, and on finding its place in each
/// index anew, than on the row (measured on the six tables of a meter: 148,000 instructions a meter one by one, 97,000 by sixteens, 93,000 by hundreds).</summary>
/// <param name="table">Table.</param>
/// <param name="columns">Its columns.</param>
/// <param name="bind">Binds a row's columns to as many places, from the given one on.</param>
internal sealed class SqliteInsert<TRow>(string table, IReadOnlyList<string> columns, Action<TRow, SqliteRowStatement, int> bind)
{
    private const int RowsTogether = 16;

    /// <summary>Returns how many rows.</summary>
    /// <exception cref="SqliteException">A constraint refused a row; the transaction must be rolled back.</exception>
    public int Run(SqliteConnection connection, IEnumerable<TRow> rows, CancellationToken cancellationToken)
    {
        var waiting = new List<TRow>(RowsTogether);
        SqliteRowStatement? together = null;
        var count = 0;
        try
        {
            foreach (var row in rows)
            {
                waiting.Add(row);
                if (waiting.Count == RowsTogether)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Run(together ??= Statement(connection, RowsTogether), waiting);
                    count += waiting.Count;
                    waiting.Clear();
                }
            }
        }
        finally
        {
            together?.Dispose();
        }

        if (waiting.Count > 0)
        {
            using var rest = Statement(connection, waiting.Count);
            Run(rest, waiting);
        }

        return count + waiting.Count;
    }

    private SqliteRowStatement Statement(SqliteConnection connection, int rows)
    {
        var places = Enumerable.Range(0, rows).Select(row => $"({string.Join(", ", Enumerable.Range((row * columns.Count) + 1, columns.Count).Select(place => $"?{place}"))})");
        return new SqliteRowStatement(connection, $"insert into {table} ({string.Join(", ", columns)}) values {string.Join(", ", places)}");
    }

    private void Run(SqliteRowStatement statement, List<TRow> rows)
    {
        var place = 1;
        foreach (var row in rows)
        {
            bind(row, statement, place);
            place += columns.Count;
        }

        statement.Run();
    }
}
