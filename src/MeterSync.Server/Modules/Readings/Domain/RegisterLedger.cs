using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Metering.Vee;
using MeterSync.Modules.Meters.Public;

namespace MeterSync.Modules.Readings.Domain;

/// <summary>A value measured again because the accepted value before it changed.</summary>
/// <param name="PreviousValueId">Null where it is the register's first now.</param>
internal sealed record Remeasured(ReadingValueId Id, ReadingValueId? PreviousValueId, RegisterVerdict Verdict);

/// <summary>What a change of one register's accepted values brings with it.</summary>
/// <param name="Voided">Estimates that an actual value contradicts; they become superseded.</param>
/// <param name="Remeasured">Values whose use is counted from another value than before.</param>
internal sealed record LedgerChanges(IReadOnlyList<ReadingValueId> Voided, IReadOnlyList<Remeasured> Remeasured)
{
    public static readonly LedgerChanges None = new([], []);
}

/// <summary>The accepted values of one register in order of time, so far as they bear on what is judged now. Oldest first; values of one instant in the order they came.</summary>
internal sealed class RegisterLedger(MeterForReading meter, RegisterForReading register, List<AcceptedRow> rows)
{
    private RegisterTimeline? timeline;
    private List<ReadingValueId>? voided;
    private List<ReadingValueId>? touched;

    public RegisterForReading Register => register;

    /// <summary>Newest accepted value; null without one.</summary>
    public AcceptedRow? Newest => rows.Count > 0 ? rows[^1] : null;

    public RegisterVerdict Judge(NewReading reading)
    {
        timeline ??= TimelineOf(rows.Count);
        return Bounds.Storable(timeline.Validate(reading));
    }

    /// <summary>Accepted readings of this register by others in the same cycle; empty where the reader is unknown.</summary>
    public IReadOnlyList<OtherVisit> OtherVisits(string? reader, DateTimeOffset at) => CheckReads.Of(rows, reader, at);

    /// <summary>Takes a value in at its place. Returns the value its use is counted from.</summary>
    public ReadingValueId? Accept(AcceptedRow row, RegisterVerdict verdict)
    {
        var position = PositionOf(row.At);
        if (verdict.VoidsEstimate)
        {
            position = VoidEstimatesBefore(position);
        }

        while (verdict.VoidsNextEstimate && position < rows.Count && rows[position].Quality is Quality.Estimated)
        {
            Void(position);
        }

        rows.Insert(position, row);
        timeline = null;
        Touch(position + 1);
        return position > 0 ? rows[position - 1].Id : null;
    }

    /// <summary>Takes a value out: rejected, corrected, or its import undone. Nothing happens where it is not accepted.</summary>
    public void Withdraw(ReadingValueId id)
    {
        var position = rows.FindIndex(row => row.Id == id);
        if (position >= 0)
        {
            rows.RemoveAt(position);
            timeline = null;
            Touch(position);
        }
    }

    /// <summary>Measures again every value that is not counted from the one before it any more.</summary>
    public LedgerChanges MeasureAgain()
    {
        for (var position = 0; position < rows.Count; position++)
        {
            if (rows[position].PreviousValueId != (position > 0 ? rows[position - 1].Id : null))
            {
                Touch(position);
            }
        }

        return Settle();
    }

    /// <summary>Measures again what follows the changes so far.</summary>
    public LedgerChanges Settle()
    {
        if (touched is null && voided is null)
        {
            return LedgerChanges.None;
        }

        var measured = new List<Remeasured>(touched?.Count ?? 0);
        for (var next = 0; next < touched?.Count; next++)
        {
            var position = rows.FindIndex(row => row.Id == touched[next]);
            if (position >= 0)
            {
                measured.Add(Remeasure(position));
            }
        }

        return new LedgerChanges(voided ?? [], measured);
    }

    private Remeasured Remeasure(int position)
    {
        var row = rows[position];
        var source = row.Quality is Quality.Estimated ? ReadingSource.Estimate : ReadingSource.Import;
        var reading = new NewReading { Value = row.Value, ReadingAt = row.At, Now = row.At, Source = source };
        var verdict = Bounds.Storable(TimelineOf(position).Validate(reading));
        if (verdict.VoidsEstimate)
        {
            position = VoidEstimatesBefore(position);
        }

        rows[position] = row with { Consumption = verdict.Consumption };
        return new Remeasured(row.Id, position > 0 ? rows[position - 1].Id : null, verdict);
    }

    private RegisterTimeline TimelineOf(int count)
    {
        var made = new RegisterTimeline(meter.Type, register.Configurations, periods: Math.Max(count, RegisterTimeline.DefaultPeriods)) { MeterStatus = meter.Status };
        for (var index = 0; index < count; index++)
        {
            made.Append(rows[index].AsKnown);
        }

        return made;
    }

    private int VoidEstimatesBefore(int position)
    {
        while (position > 0 && rows[position - 1].Quality is Quality.Estimated)
        {
            Void(--position);
        }

        return position;
    }

    private void Void(int position)
    {
        (voided ??= []).Add(rows[position].Id);
        rows.RemoveAt(position);
    }

    private void Touch(int position)
    {
        if (position < rows.Count && touched?.Contains(rows[position].Id) is not true)
        {
            (touched ??= []).Add(rows[position].Id);
        }
    }

    private int PositionOf(DateTimeOffset at)
    {
        var position = rows.Count;
        while (position > 0 && rows[position - 1].At > at)
        {
            position--;
        }

        return position;
    }
}
