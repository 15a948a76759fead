using Microsoft.Data.Sqlite;

namespace MeterSync.Modules.Readings.Store;

/// <summary>Serial numbers, labels and units of registers, looked up once while they are in use: three joins a row would take half of an export's time.</summary>
internal sealed class SqliteRegisterNames : IDisposable
{
    /// <summary>About 30 MB; when full it begins again.</summary>
    private const int MostKept = 100_000;

    private readonly Dictionary<Guid, Names> kept = [];
    private readonly SqliteCommand lookUp;

    public SqliteRegisterNames(SqliteConnection connection, SqliteTransaction? transaction)
    {
        lookUp = connection.CreateCommand();
        lookUp.Transaction = transaction;
        lookUp.CommandText = """
            select m.serial_number, g.label, g.ordinal, x.effective_from, x.unit
            from registers g
            join meters m on m.id = g.meter_id
            left join register_versions x on x.register_id = g.id
            where g.id = @id
            order by x.effective_from
            """;
        lookUp.Parameters.Add("@id", SqliteType.Blob);
    }

    public Names Of(Guid register)
    {
        if (kept.TryGetValue(register, out var names))
        {
            return names;
        }

        if (kept.Count >= MostKept)
        {
            kept.Clear();
        }

        return kept[register] = Read(register);
    }

    public void Dispose() => lookUp.Dispose();

    private Names Read(Guid register)
    {
        lookUp.Parameters[0].Value = register.ToByteArray(true);
        using var row = lookUp.ExecuteReader();
        Names? names = null;
        List<(long From, string Unit)> units = [];
        while (row.Read())
        {
            names ??= new Names(row.GetString(0), row.GetString(1), row.GetInt32(2), units);
            if (!row.IsDBNull(3))
            {
                units.Add((row.GetInt64(3), row.GetString(4)));
            }
        }

        return names ?? throw new InvalidDataException($"Register {register} is gone while its values are there.");
    }

    /// <param name="Units">By the microsecond they begin at, oldest first.</param>
    internal sealed record Names(string SerialNumber, string Label, int Ordinal, IReadOnlyList<(long From, string Unit)> Units)
    {
        public string? UnitAt(long microseconds)
        {
            for (var index = Units.Count - 1; index >= 0; index--)
            {
                if (Units[index].From <= microseconds)
                {
                    return Units[index].Unit;
                }
            }

            return Units.Count > 0 ? Units[0].Unit : null;
        }
    }
}
