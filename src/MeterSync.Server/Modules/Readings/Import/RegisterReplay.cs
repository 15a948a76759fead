using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Metering.Vee;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;

namespace MeterSync.Modules.Readings.Import;

/// <summary>What became of one row against what is stored.</summary>
internal enum Fit
{
    New,
    Same,
    DiffersFromStored,
    DiffersInFile,
}

/// <summary>Walks one register through time: stored values and the file's, oldest first, each judged by what came before it.</summary>
internal sealed class RegisterReplay
{
    /// <summary>A year of daily readings and what last year's period needs beyond it.</summary>
    private const int Periods = 450;

    /// <summary>A workbook keeps instants to the millisecond: what is stored closer than that is the same visit.</summary>
    private static readonly TimeSpan Blur = TimeSpan.FromMilliseconds(1);

    private readonly MeterForReading meter;
    private readonly RegisterSegments segments;
    private RegisterTimeline timeline;
    private int segment;
    private readonly List<StoredRow> stored;
    private readonly List<Estimate> trailingEstimates = [];
    private int next;
    private ReadingValueId? previous;
    private ReadingValueId? lastActual;
    private bool changed;
    private (DateTimeOffset At, decimal Value)? lastOfFile;

    public RegisterReplay(MeterForReading meter, RegisterForReading register, List<StoredRow> stored, RegisterSegments? segments)
    {
        (Register, this.stored, this.meter, this.segments) = (register, stored, meter, segments ?? RegisterSegments.Whole);
        timeline = NewTimeline();
    }

    public RegisterForReading Register { get; }

    /// <summary>Whether estimates are stored that new values may bear on.</summary>
    public bool HasEstimates => stored.Exists(row => row is { State: ReadingState.Accepted, Quality: Quality.Estimated });

    /// <summary>Stored estimates found wrong.</summary>
    public List<ReadingValueId> Voided { get; } = [];

    public List<Remeasured> Remeasured { get; } = [];

    /// <summary>Newest accepted value once <see cref="Finish"/> ran; null without one.</summary>
    public AcceptedValue? Newest => timeline.Latest;

    /// <summary>Goes on to an instant and says how a value fits there. Instants never go back.</summary>
    public Fit FitOf(DateTimeOffset at, decimal value)
    {
        if (lastOfFile is { } last && last.At == at)
        {
            return last.Value == value ? Fit.Same : Fit.DiffersInFile;
        }

        while (next < stored.Count && stored[next].At <= at - Blur)
        {
            Pass(stored[next++]);
        }

        var differs = false;
        for (var index = next; index < stored.Count && stored[index].At < at + Blur; index++)
        {
            if (stored[index].Value == value)
            {
                return Fit.Same;
            }

            differs |= stored[index].State is not ReadingState.Rejected;
        }

        return differs ? Fit.DiffersFromStored : Fit.New;
    }

    /// <summary>Notes a value that fits without judging it.</summary>
    public void Note(DateTimeOffset at, decimal value) => lastOfFile = (at, value);

    /// <summary>Judges a value that fits and takes it in when it passes. The value's reading and words must be set.</summary>
    public RegisterVerdict Judge(ReadingValue value, ReadingSource source, DateTimeOffset now)
    {
        lastOfFile = (value.ReadingAt, value.Value);
        // History is old by nature, whoever read it: only the future is suspicious in a file.
        GoTo(value.ReadingAt);
        var asked = new NewReading { Value = value.Value, ReadingAt = value.ReadingAt, Now = value.ReadingAt < now ? value.ReadingAt : now, Source = source };
        var check = timeline.CheckOf(asked);
        if (NextAccepted() is { } later && segments.AreOne(later.At, value.ReadingAt))
        {
            check = check with { Next = new Metering.Registers.PriorValue(later.Value, later.At, later.Quality is Quality.Estimated) };
        }

        var verdict = Bounds.Storable(Validation.Run(check));
        Verdicts.Write(value, verdict);
        if (verdict.State is ReadingState.Accepted)
        {
            VoidTrailing(verdict.VoidsEstimate);
            for (var index = next; verdict.VoidsNextEstimate && index < stored.Count && (stored[index].Quality is Quality.Estimated || stored[index].State is not ReadingState.Accepted); index++)
            {
                if (stored[index].State is ReadingState.Accepted)
                {
                    Voided.Add(stored[index].Id);
                }
            }

            value.PreviousValueId = previous;
            timeline.Accept(asked, verdict);
            Went(value.Id, value.Quality, value);
            changed = true;
        }

        return verdict;
    }

    /// <summary>Passes what is stored after the last row of the file.</summary>
    public void Finish()
    {
        while (next < stored.Count)
        {
            Pass(stored[next++]);
        }
    }

    private void Pass(StoredRow row)
    {
        if (row.State is not ReadingState.Accepted || Voided.Contains(row.Id))
        {
            return;
        }

        GoTo(row.At);
        if (changed)
        {
            var source = row.Quality is Quality.Estimated ? ReadingSource.Estimate : ReadingSource.Import;
            var asked = new NewReading { Value = row.Value, ReadingAt = row.At, Now = row.At, Source = source };
            var verdict = Bounds.Storable(timeline.Validate(asked));
            VoidTrailing(verdict.VoidsEstimate);
            Remeasured.Add(new Remeasured(row.Id, previous, verdict));
            timeline.Accept(asked, verdict, row.Quality);
            changed = false;
        }
        else
        {
            timeline.Append(row.AsKnown);
        }

        Went(row.Id, row.Quality, null);
    }

    /// <summary>Where the meter was put to another place, counting begins anew.</summary>
    private void GoTo(DateTimeOffset at)
    {
        if (segments.IsWhole)
        {
            return;
        }

        if (segments.Of(at) != segment)
        {
            segment = segments.Of(at);
            timeline = NewTimeline();
            timeline.Inherit(segments.InheritedAt(at));
            (previous, lastActual, changed) = (null, null, false);
            trailingEstimates.Clear();
        }

        timeline.MeterStatus = meter.StatusAt(at);
    }

    private RegisterTimeline NewTimeline() => new(meter.Type, Register.Configurations, periods: Periods) { MeterStatus = meter.Status };

    private void Went(ReadingValueId id, Quality quality, ReadingValue? made)
    {
        previous = id;
        if (quality is Quality.Estimated)
        {
            trailingEstimates.Add(new Estimate(id, made));
        }
        else
        {
            lastActual = id;
            trailingEstimates.Clear();
        }
    }

    private void VoidTrailing(bool isWrong)
    {
        if (!isWrong)
        {
            return;
        }

        foreach (var estimate in trailingEstimates)
        {
            if (estimate.Made is { } made)
            {
                made.State = ReadingState.Superseded;
            }
            else
            {
                Voided.Add(estimate.Id);
            }
        }

        trailingEstimates.Clear();
        previous = lastActual;
    }

    private StoredRow? NextAccepted()
    {
        for (var index = next; index < stored.Count; index++)
        {
            if (stored[index].State is ReadingState.Accepted && !Voided.Contains(stored[index].Id))
            {
                return stored[index];
            }
        }

        return null;
    }

    private readonly record struct Estimate(ReadingValueId Id, ReadingValue? Made);
}
