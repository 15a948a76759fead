using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Store;
using MeterSync.Store;
using MeterSync.Store.Bulk;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Readings.Import;

/// <summary>How far an import goes with a chunk.</summary>
internal enum ChunkDepth
{
    /// <summary>Finds row problems.</summary>
    Check,

    /// <summary>Judges too, and writes nothing.</summary>
    Judge,

    /// <summary>Judges and writes. Needs a transaction.</summary>
    Write,
}

/// <summary>Some hundreds of meters of a file at a time: their registers and stored values in a few queries, the file's values judged one register after the other, everything new written in bulk.</summary>
internal sealed class ReadingChunk(MeterSyncDb db, BulkStore bulk, IMeterRegistry meters, JudgeReadings judging, IdSource ids, TimeProvider clock)
{
    private readonly List<Reading> readings = [];
    private readonly List<ReadingValue> values = [];
    private readonly List<ReadingValueId> voided = [];
    private readonly List<Remeasured> remeasured = [];
    private readonly List<MeterForReading> estimated = [];
    private IReadOnlyDictionary<RegisterId, RegisterSegments>? segments;

    /// <param name="rows">The file, in order.</param>
    /// <param name="from">First row, the first of its meter.</param>
    /// <param name="to">Row after the last, the last of its meter.</param>
    /// <param name="depth">How far to go.</param>
    /// <param name="batch">The import new readings belong to; null unless writing.</param>
    /// <param name="lookUp">False where nothing can be stored yet.</param>
    /// <param name="tally">Counted into.</param>
    /// <param name="problems">Row problems.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task RunAsync(ReadingRows rows, int from, int to, ChunkDepth depth, ImportBatchId? batch, bool lookUp, ImportTally tally, ProblemList problems, CancellationToken cancellationToken)
    {
        readings.Clear();
        values.Clear();
        voided.Clear();
        remeasured.Clear();
        estimated.Clear();
        var found = await FindAsync(SerialsOf(rows, from, to), depth is ChunkDepth.Write, cancellationToken);
        var stored = lookUp ? await StoredAsync(found.Values, cancellationToken) : null;
        segments = await judging.SegmentsAsync(found.Values, clock.GetUtcNow(), cancellationToken);
        for (var index = from; index < to;)
        {
            var end = EndOfMeter(rows, index, to);
            if (found.TryGetValue(rows.Serial(rows.Span[index].Serial), out var meter))
            {
                RunMeter(rows, index, end, meter, depth, batch, stored, tally, problems);
            }
            else
            {
                Refuse(rows, index, end, tally, problems);
            }

            index = end;
        }

        if (depth is ChunkDepth.Write)
        {
            await bulk.InsertAsync(readings, cancellationToken);
            await bulk.InsertAsync(values, cancellationToken);
            await judging.ApplyAllAsync(voided, remeasured, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            if (estimated.Count > 0)
            {
                db.ChangeTracker.Clear();
                tally.Voided += await judging.StraightenAsync(estimated, cancellationToken);
                await db.SaveChangesAsync(cancellationToken);
            }

            db.ChangeTracker.Clear();
            await judging.TellAsync([.. found.Values.Select(meter => meter.Id)], cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    private void RunMeter(ReadingRows rows, int from, int to, MeterForReading meter, ChunkDepth depth, ImportBatchId? batch, ILookup<RegisterId, StoredRow>? stored, ImportTally tally, ProblemList problems)
    {
        var (firstReading, now) = (readings.Count, clock.GetUtcNow().ToStored());
        var replays = new RegisterReplay?[meter.Registers.Count];
        var span = rows.Span;
        for (var index = from; index < to; index++)
        {
            ref readonly var row = ref span[index];
            var place = RegisterOf(meter, rows.Register(row.Register));
            if (place < 0)
            {
                Refuse(row, ReadingColumns.Register, ReadingProblems.RowUnknownRegister, $"The meter {meter.SerialNumber} has no register \"{rows.Register(row.Register)}\". It has: {string.Join(", ", meter.Registers.Select(register => register.Label))}.", tally, problems);
                continue;
            }

            var replay = replays[place] ??= new RegisterReplay(meter, meter.Registers[place], stored?[meter.Registers[place].Id].ToList() ?? [], segments?.GetValueOrDefault(meter.Registers[place].Id));
            var at = Instants.FromUnixMicroseconds(row.AtMicroseconds);
            switch (replay.FitOf(at, row.Value))
            {
                case Fit.Same:
                    tally.Unchanged++;
                    break;
                case Fit.DiffersFromStored:
                    Refuse(row, ReadingColumns.Value, ReadingProblems.RowDiffersFromStored, $"The register {replay.Register.Label} of meter {meter.SerialNumber} has another value at that instant already. Correct the stored reading instead.", tally, problems);
                    break;
                case Fit.DiffersInFile:
                    Refuse(row, ReadingColumns.Value, ReadingProblems.RowTwiceInFile, $"The file has another value of the register {replay.Register.Label} of meter {meter.SerialNumber} at the same instant.", tally, problems);
                    break;
                default:
                    if (depth is ChunkDepth.Check)
                    {
                        replay.Note(at, row.Value);
                    }
                    else
                    {
                        tally.Count(replay.Judge(ValueOf(rows, row, meter, replay.Register, at, now, batch, firstReading), row.Source, now));
                    }

                    break;
            }
        }

        if (depth is not ChunkDepth.Check)
        {
            Finish(meter, replays, firstReading, depth, tally);
        }
    }

    private void Finish(MeterForReading meter, RegisterReplay?[] replays, int firstReading, ChunkDepth depth, ImportTally tally)
    {
        foreach (var replay in replays)
        {
            replay?.Finish();
            if (replay is not null)
            {
                tally.Voided += replay.Voided.Count;
                tally.Remeasured += replay.Remeasured.Count;
                voided.AddRange(replay.Voided);
                remeasured.AddRange(replay.Remeasured);
            }
        }

        tally.Readings += readings.Count - firstReading;
        if (depth is not ChunkDepth.Write)
        {
            readings.RemoveRange(firstReading, readings.Count - firstReading);
            values.Clear();
            return;
        }

        if (readings.Count > firstReading && replays.Any(replay => replay?.HasEstimates is true))
        {
            estimated.Add(meter);
        }

        SetStates(firstReading);
        if (replays is [{ } main, ..] && readings.Count > firstReading)
        {
            meters.SetLastReading(meter, main.Newest is { } newest ? new LastReading(newest.At, newest.Value, main.Register.At(newest.At).Unit) : null);
        }
    }

    /// <summary>Values of a reading stand together, in the order of the readings.</summary>
    private void SetStates(int firstReading)
    {
        var place = values.Count;
        for (var index = readings.Count - 1; index >= firstReading; index--)
        {
            var last = place;
            while (place > 0 && values[place - 1].ReadingId == readings[index].Id)
            {
                place--;
            }

            readings[index].State = last - place == 1 ? values[place].State : ReadingStates.WorstOf(values.GetRange(place, last - place));
        }
    }

    private ReadingValue ValueOf(ReadingRows rows, in ImportedRow row, MeterForReading meter, RegisterForReading register, DateTimeOffset at, DateTimeOffset now, ImportBatchId? batch, int firstReading)
    {
        var agent = rows.Agent(row.Agent);
        var agentId = Guid.TryParse(agent, out var id) ? new UserId(id) : (UserId?)null;
        var reading = readings.Count > firstReading ? readings[^1] : null;
        if (reading is null || reading.ReadingAt != at || reading.Source != row.Source || reading.AgentId != agentId)
        {
            reading = new Reading { Id = ids.Next<ReadingId>(), MeterId = meter.Id, ReadingAt = at, ReceivedAt = now, Source = row.Source, AgentId = agentId, Notes = rows.Notes(row.Notes), ImportBatchId = batch };
            readings.Add(reading);
        }

        reading.Notes ??= rows.Notes(row.Notes);
        var made = new ReadingValue
        {
            Id = ids.Next<ReadingValueId>(),
            ReadingId = reading.Id,
            MeterId = meter.Id,
            RegisterId = register.Id,
            Ordinal = register.Ordinal,
            ReadingAt = at,
            Value = row.Value,
            ReadBy = reading.Reader ?? agent,
        };
        values.Add(made);
        return made;
    }

    private async Task<IReadOnlyDictionary<string, MeterForReading>> FindAsync(List<string> serials, bool locked, CancellationToken cancellationToken)
    {
        var found = await meters.FindBySerialAsync(serials, cancellationToken);
        if (!locked || db.IsSqlite)
        {
            return found;
        }

        // SQLite's write transaction is the lock already; here what was read before the lock may have changed.
        var guids = found.Values.Select(meter => meter.Id.Value).ToArray();
        await db.Database.ExecuteSqlAsync($"select 1 from meters where id = any({guids}) order by id for update", cancellationToken);
        return await meters.FindBySerialAsync(serials, cancellationToken);
    }

    private async Task<ILookup<RegisterId, StoredRow>> StoredAsync(IEnumerable<MeterForReading> found, CancellationToken cancellationToken)
    {
        var registers = found.SelectMany(meter => meter.Registers).Select(register => register.Id).ToList();
        var rows = await db.Set<ReadingValue>().AsNoTracking()
            .Where(value => registers.Contains(value.RegisterId) && value.State != ReadingState.Superseded)
            .OrderBy(value => value.ReadingAt).ThenBy(value => value.Id)
            .Select(value => new StoredRow(value.Id, value.RegisterId, value.ReadingAt, value.Value, value.State, value.Quality, value.Flags, value.Consumption, value.ReadBy))
            .ToListAsync(cancellationToken);
        return rows.ToLookup(row => row.RegisterId);
    }

    private static List<string> SerialsOf(ReadingRows rows, int from, int to)
    {
        var serials = new List<string>();
        for (var index = from; index < to; index = EndOfMeter(rows, index, to))
        {
            serials.Add(rows.Serial(rows.Span[index].Serial));
        }

        return serials;
    }

    public static int EndOfMeter(ReadingRows rows, int index, int to)
    {
        var span = rows.Span;
        var serial = span[index].Serial;
        while (index < to && span[index].Serial == serial)
        {
            index++;
        }

        return index;
    }

    /// <summary>Place among the meter's registers; -1 for none. No word is the main register.</summary>
    private static int RegisterOf(MeterForReading meter, string? word)
    {
        if (word is null)
        {
            return 0;
        }

        var ordinal = int.TryParse(word, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : -1;
        var register = NamedRegisters.Find(meter, null, word, null) ?? (ordinal >= 0 ? NamedRegisters.Find(meter, null, null, ordinal) : null);
        for (var index = 0; index < meter.Registers.Count; index++)
        {
            if (ReferenceEquals(meter.Registers[index], register))
            {
                return index;
            }
        }

        return -1;
    }

    private static void Refuse(ReadingRows rows, int from, int to, ImportTally tally, ProblemList problems)
    {
        for (var index = from; index < to; index++)
        {
            Refuse(rows.Span[index], ReadingColumns.SerialNumber, ReadingProblems.RowMeterNotFound, $"There is no meter {rows.Serial(rows.Span[index].Serial)}.", tally, problems);
        }
    }

    private static void Refuse(in ImportedRow row, TableColumn column, string code, string message, ImportTally tally, ProblemList problems)
    {
        tally.Refused++;
        problems.Add(new RowProblem(row.Row, column.Name, code, message));
    }
}
