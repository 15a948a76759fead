using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Metering.Estimation;
using MeterSync.Metering.Registers;
using MeterSync.Metering.Vee;
using MeterSync.Metering.Vee.Rules;
using MeterSync.Modules.Meters.Public;

namespace MeterSync.Modules.Readings.Domain;

/// <summary>The accepted values of one register in order of time, so far as they bear on what is judged now. Oldest first; values of one instant in the order they came.</summary>
internal sealed class RegisterLedger(MeterForReading meter, RegisterForReading register, List<AcceptedRow> rows, RegisterSegments? segments = null)
{
    private readonly RegisterSegments parts = segments ?? RegisterSegments.Whole;
    private RegisterTimeline? timeline;
    private List<ReadingValueId>? voided;
    private List<ReadingValueId>? touched;
    private List<ReplacedEstimate>? replaced;

    public RegisterForReading Register => register;

    /// <summary>The read cycle of the instant under change: from inclusive, to exclusive. Null where none is known.</summary>
    public (DateTimeOffset From, DateTimeOffset To)? Cycle { get; init; }

    /// <summary>Null where no estimate is to be made again.</summary>
    public OwnEstimates? Own { get; init; }

    /// <summary>Newest accepted value; null without one.</summary>
    public AcceptedRow? Newest => rows.Count > 0 ? rows[^1] : null;

    public RegisterVerdict Judge(NewReading reading)
    {
        timeline ??= TimelineOf(rows.Count, reading.ReadingAt);
        return Bounds.Storable(timeline.Validate(reading));
    }

    /// <summary>What a value read at an instant is to be expected to be.</summary>
    public ExpectedLimits LimitsAt(DateTimeOffset at) => TimelineOf(PositionOf(at), at).LimitsAt(at);

    /// <summary>Accepted readings of this register by others in the same cycle; empty where the reader is unknown.</summary>
    public IReadOnlyList<OtherVisit> OtherVisits(string? reader, DateTimeOffset at) => CheckReads.Of(rows, reader, at, Cycle, parts);

    /// <summary>What an estimate for an instant can be made from; null where no value comes before it.</summary>
    public EstimateRequest? EstimateAt(DateTimeOffset at)
    {
        var position = PositionOf(at);
        if (Before(position, at) is not { } from)
        {
            return null;
        }

        var next = rows.FindIndex(position, row => row.Quality is not Quality.Estimated);
        return new EstimateRequest
        {
            Register = register.At(at),
            At = at,
            From = from.AsKnown.AsPrior,
            Next = next >= 0 && parts.AreOne(rows[next].At, at) ? rows[next].AsKnown.AsPrior : null,
            NextIsNegative = next >= 0 && IsNegative(rows[next]),
            History = TimelineOf(position, at).History,
        };
    }

    /// <summary>Takes a value in at its place, with all it does to the estimates around it.</summary>
    public Placed Accept(AcceptedRow row, RegisterVerdict verdict)
    {
        var position = PositionOf(row.At);
        var isActual = row.Quality is not Quality.Estimated;
        // Own ones that are wrong are drawn anew where an actual value follows them.
        var run = FirstOfRun(position);
        if (verdict.VoidsEstimate && !(isActual && run > 0 && AreOwn(run, position) && CanDraw(run - 1, rows[run - 1], row)))
        {
            position = VoidEstimatesBefore(position, row.At);
        }

        var afterRun = EndOfRun(position);
        if (verdict.VoidsNextEstimate && !(isActual && afterRun < rows.Count && parts.AreOne(rows[afterRun].At, row.At) && AreOwn(position, afterRun) && CanDraw(position, row, rows[afterRun])))
        {
            for (; afterRun > position; afterRun--)
            {
                Void(position);
            }
        }

        var countedFrom = verdict.VoidsEstimate ? Before(FirstOfRun(position), row.At)?.Id : Before(position, row.At)?.Id;
        position = isActual ? VoidNeedless(position, row.At) : position;
        rows.Insert(position, row);
        timeline = null;
        Touch(position + 1);
        if (isActual && Own is not null)
        {
            Straighten(position);
            Straighten(position + 1);
            touched?.Remove(row.Id);
        }

        var previous = Before(position, row.At)?.Id;
        return new Placed(previous, previous == countedFrom ? null : Measure(position));
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
            Straighten(position);
        }
    }

    /// <summary>Measures again every value that is not counted from the one before it any more.</summary>
    public LedgerChanges MeasureAgain()
    {
        for (var position = 0; position < rows.Count; position++)
        {
            if (rows[position].PreviousValueId != Before(position, rows[position].At)?.Id)
            {
                Touch(position);
            }
        }

        return Settle();
    }

    /// <summary>Takes every own estimate out that an actual value of its cycle makes needless, and draws those anew that have actual values on both sides.</summary>
    public LedgerChanges StraightenAll()
    {
        for (var place = rows.Count - 1; place >= 0; place--)
        {
            var estimate = rows[place];
            if (estimate.Quality is Quality.Estimated && Own?.WindowOf(estimate.Id) is { } window
                && rows.Exists(row => row.Quality is not Quality.Estimated && Covers(window, row.At) && parts.AreOne(row.At, estimate.At)))
            {
                Void(place);
                Touch(place);
            }
        }

        for (var place = 1; place < rows.Count; place++)
        {
            if (rows[place - 1].Quality is Quality.Estimated && rows[place].Quality is not Quality.Estimated)
            {
                Straighten(place);
            }
        }

        return Settle();
    }

    /// <summary>Measures again what follows the changes so far.</summary>
    public LedgerChanges Settle()
    {
        if (touched is null && voided is null && replaced is null)
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

        return new LedgerChanges(voided ?? [], measured, replaced ?? []);
    }

    private Remeasured Remeasure(int position)
    {
        var row = rows[position];
        var verdict = Measure(position);
        if (verdict.VoidsEstimate)
        {
            position = VoidEstimatesBefore(position, row.At);
        }

        rows[position] = row with { Consumption = verdict.Consumption };
        return new Remeasured(row.Id, Before(position, row.At)?.Id, verdict);
    }

    private RegisterVerdict Measure(int position)
    {
        var row = rows[position];
        var source = row.Quality is Quality.Estimated ? ReadingSource.Estimate : ReadingSource.Import;
        var reading = new NewReading { Value = row.Value, ReadingAt = row.At, Now = row.At, Source = source };
        return Bounds.Storable(TimelineOf(position, row.At).Validate(reading));
    }

    private RegisterTimeline TimelineOf(int count, DateTimeOffset at)
    {
        var first = 0;
        if (!parts.IsWhole)
        {
            var part = parts.Of(at);
            first = rows.FindIndex(row => parts.Of(row.At) == part) is >= 0 and var found ? found : count;
            while (count > first && parts.Of(rows[count - 1].At) > part)
            {
                count--;
            }
        }

        var made = new RegisterTimeline(meter.Type, register.Configurations, periods: Math.Max(count - first, RegisterTimeline.DefaultPeriods)) { MeterStatus = meter.StatusAt(at) };
        for (var index = first; index < count; index++)
        {
            made.Append(rows[index].AsKnown);
        }

        if (!parts.IsWhole)
        {
            made.Inherit(parts.InheritedAt(at));
        }

        return made;
    }

    /// <summary>The value before a place, unless an exchange lies between.</summary>
    private AcceptedRow? Before(int position, DateTimeOffset at) => position > 0 && parts.AreOne(rows[position - 1].At, at) ? rows[position - 1] : null;

    private int VoidEstimatesBefore(int position, DateTimeOffset at)
    {
        while (Before(position, at) is { Quality: Quality.Estimated })
        {
            Void(--position);
        }

        return position;
    }

    /// <summary>An actual value of the same cycle makes an estimate needless: of the one the instant falls into, and of the one the estimate was made for, which may have been closed long ago.</summary>
    private int VoidNeedless(int position, DateTimeOffset at)
    {
        if (Cycle is null && Own is null)
        {
            return position;
        }

        for (var index = rows.Count - 1; index >= 0; index--)
        {
            var row = rows[index];
            if (row.Quality is Quality.Estimated && (Covers(Cycle, row.At) || Covers(Own?.WindowOf(row.Id), at)) && parts.AreOne(row.At, at))
            {
                Void(index);
                Touch(index);
                position -= index < position ? 1 : 0;
            }
        }

        return position;
    }

    private static bool Covers((DateTimeOffset From, DateTimeOffset To)? window, DateTimeOffset at) => window is { } known && known.From <= at && at < known.To;

    private void Void(int position)
    {
        var id = rows[position].Id;
        rows.RemoveAt(position);
        if (replaced?.FindIndex(one => one.NewId == id) is >= 0 and var made)
        {
            id = replaced[made].OldId;
            replaced.RemoveAt(made);
        }

        (voided ??= []).Add(id);
    }

    /// <summary>Draws the estimates that end at a place or go through it anew, on the line between the actual values around them, where there are both.</summary>
    private void Straighten(int place)
    {
        if (Own is null)
        {
            return;
        }

        var (first, next) = (FirstOfRun(place), EndOfRun(place));
        if (first == 0 || first == next || next == rows.Count || !parts.AreOne(rows[first - 1].At, rows[next].At) || !AreOwn(first, next))
        {
            return;
        }

        var line = Line(first - 1, rows[first - 1], rows[next]);
        for (var index = first; index < next; index++)
        {
            var request = line with { Register = register.At(rows[index].At), At = rows[index].At };
            if (RegisterEstimator.Between(request) is { } estimate && estimate.Value != rows[index].Value && Bounds.CanHold(estimate.Value))
            {
                Replace(index, estimate, Own);
            }
        }
    }

    /// <summary>Whether a line can be drawn: upwards, or over a rollover that the rules would accept. No estimate makes one of a misread value.</summary>
    private bool CanDraw(int place, AcceptedRow from, AcceptedRow to) => !RegisterEstimator.IsContradicted(Line(place, from, to));

    /// <param name="place">Values before <paramref name="from"/>.</param>
    /// <param name="from">An actual value.</param>
    /// <param name="to">The next one.</param>
    private EstimateRequest Line(int place, AcceptedRow from, AcceptedRow to)
    {
        IReadOnlyList<PeriodUse> history = [];
        if (to.Value < from.Value)
        {
            var past = TimelineOf(place, from.At);
            past.Append(from.AsKnown);
            history = past.History;
        }

        return new EstimateRequest { Register = register.At(to.At), At = to.At, From = from.AsKnown.AsPrior, Next = to.AsKnown.AsPrior, NextIsNegative = IsNegative(to), History = history };
    }

    private static bool IsNegative(AcceptedRow row) => row.Flags.Contains(NegativeUseRule.RuleId, StringComparison.Ordinal);

    /// <summary>Where the estimates begin that stand directly before a place.</summary>
    private int FirstOfRun(int place)
    {
        while (place > 0 && rows[place - 1].Quality is Quality.Estimated)
        {
            place--;
        }

        return place;
    }

    /// <summary>Where the estimates end that begin at a place.</summary>
    private int EndOfRun(int place)
    {
        while (place < rows.Count && rows[place].Quality is Quality.Estimated)
        {
            place++;
        }

        return place;
    }

    private bool AreOwn(int first, int end) => Own is not null && rows.GetRange(first, end - first).TrueForAll(row => Own.Known.ContainsKey(row.Id));

    private void Replace(int index, RegisterEstimate estimate, OwnEstimates own)
    {
        var old = rows[index].Id;
        var known = (replaced ??= []).FindIndex(one => one.NewId == old);
        var id = known >= 0 ? old : own.Ids.Next<ReadingValueId>();
        if (known >= 0)
        {
            replaced[known] = replaced[known] with { Estimate = estimate };
        }
        else
        {
            replaced.Add(new ReplacedEstimate(old, id, estimate));
            own.Known[id] = own.WindowOf(old);
        }

        rows[index] = rows[index] with { Id = id, Value = estimate.Value, Consumption = null, PreviousValueId = null };
        Touch(index);
        Touch(index + 1);
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
