using MeterSync.Metering.Registers;

namespace MeterSync.Metering.Vee;

/// <summary>
/// The accepted past of one register, bounded, in order of time: the way callers hold history. Load it oldest first with
/// <see cref="Append"/>, then <see cref="Validate"/> a new value and <see cref="Accept"/> it when it passed or a person approved it.
/// Values older than the oldest one kept are judged without a past. Not safe for use by several threads at once.
/// </summary>
public sealed class RegisterTimeline
{
    /// <summary>Periods kept unless told otherwise: three years of monthly readings. Daily readings need about 400 for a last year.</summary>
    public const int DefaultPeriods = 36;

    private readonly IReadOnlyList<EffectiveConfiguration> configurations;
    private readonly VeeParameters parameters;
    private readonly int capacity;
    private readonly List<AcceptedValue> values;
    private readonly List<PeriodUse> periods;
    private IReadOnlyList<PeriodUse> inherited = [];

    /// <summary>An empty timeline.</summary>
    /// <param name="meterType">Type of the meter.</param>
    /// <param name="configurations">In order of their first instant; the first also serves anything earlier. At least one.</param>
    /// <param name="parameters">Thresholds; null: the defaults.</param>
    /// <param name="periods">Periods kept, at least 1.</param>
    /// <exception cref="ArgumentException">No configuration, or not in order.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one period.</exception>
    public RegisterTimeline(
        MeterType meterType, IReadOnlyList<EffectiveConfiguration> configurations, VeeParameters? parameters = null, int periods = DefaultPeriods)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(periods, 1);
        for (var i = 0; i < configurations.Count - 1; i++)
        {
            if (configurations[i].EffectiveFrom >= configurations[i + 1].EffectiveFrom)
            {
                throw new ArgumentException("Configurations must be in order of their first instant.", nameof(configurations));
            }
        }

        MeterType = meterType;
        this.configurations = configurations.Count > 0 ? configurations : throw new ArgumentException("A register has at least one configuration.", nameof(configurations));
        this.parameters = parameters ?? VeeParameters.Default;
        capacity = periods;
        values = new List<AcceptedValue>(Math.Min(periods, DefaultPeriods) + 2);
        this.periods = new List<PeriodUse>(Math.Min(periods, DefaultPeriods) + 2);
    }

    /// <summary>An empty timeline of a register whose configuration never changed.</summary>
    public RegisterTimeline(MeterType meterType, RegisterConfiguration configuration, VeeParameters? parameters = null, int periods = DefaultPeriods)
        : this(meterType, [new EffectiveConfiguration(DateTimeOffset.MinValue, configuration)], parameters, periods)
    {
    }

    public MeterType MeterType { get; }

    /// <summary>Status of the meter at the time of the readings that follow.</summary>
    public MeterStatus MeterStatus { get; set; } = MeterStatus.Active;

    /// <summary>Median daily use of the type and region; null unknown.</summary>
    public decimal? TypeMedianUsePerDay { get; set; }

    /// <summary>Newest accepted value; null when empty.</summary>
    public AcceptedValue? Latest => values.Count > 0 ? values[^1] : null;

    /// <summary>Accepted values kept, oldest first.</summary>
    public IReadOnlyList<AcceptedValue> Values => values;

    /// <summary>Periods kept, oldest first, those inherited before the own. Without inherited ones a live view.</summary>
    public IReadOnlyList<PeriodUse> History => inherited.Count == 0 ? periods : [.. inherited, .. periods];

    /// <summary>Takes over the habits of the register that was read at the same place before a meter exchange: its periods count as baselines
    /// (VEE-105 to VEE-108, expected use, plausible rate). Its values never do: nothing is counted from them.</summary>
    /// <param name="before">Periods of the predecessor, oldest first, ending at the exchange.</param>
    public void Inherit(IReadOnlyList<PeriodUse> before) => inherited = before;

    /// <summary>The configuration in force at an instant.</summary>
    public RegisterConfiguration ConfigurationAt(DateTimeOffset at)
    {
        var i = configurations.Count - 1;
        while (i > 0 && configurations[i].EffectiveFrom > at)
        {
            i--;
        }

        return configurations[i].Configuration;
    }

    /// <summary>Judges a value against the past at its own instant, and against the next value when it is late. Changes nothing, never throws.</summary>
    public RegisterVerdict Validate(NewReading reading) => Validation.Run(CheckOf(reading), parameters);

    /// <summary>The full input of the rules for a value; for callers that run single rules or add to it.</summary>
    public RegisterCheck CheckOf(NewReading reading)
    {
        var position = PositionOf(reading.ReadingAt);
        var previous = position > 0 ? values[position - 1] : null;
        var next = position < values.Count && !values[position].BeginsSegment ? values[position] : null;
        var actual = previous is { IsEstimate: true } ? LastActualBefore(position) : -1;
        return new RegisterCheck
        {
            MeterType = MeterType,
            MeterStatus = MeterStatus,
            Register = ConfigurationAt(reading.ReadingAt),
            Value = reading.Value,
            ReadingAt = reading.ReadingAt,
            Now = reading.Now,
            Source = reading.Source,
            Previous = previous?.AsPrior,
            LastActual = actual >= 0 ? values[actual].AsPrior : null,
            Next = next?.AsPrior,
            History = position == values.Count ? History : HistoryUntil(reading.ReadingAt),
            TypeMedianUsePerDay = TypeMedianUsePerDay,
            DoubleEntered = reading.DoubleEntered,
            Position = reading.Position,
            ServicePoint = reading.ServicePoint,
            ConsecutiveEstimates = EstimatesBefore(position),
            ReadBy = reading.ReadBy,
            OtherVisits = reading.OtherVisits,
        };
    }

    /// <summary>Takes in a judged value: accepted by the rules, or held and approved by a person. Late values are inserted in order.</summary>
    /// <param name="reading">The value.</param>
    /// <param name="verdict">What <see cref="Validate"/> said of it.</param>
    /// <param name="quality">Quality to keep; null: the verdict's, Valid where it was held (a person decided).</param>
    public Acceptance Accept(NewReading reading, RegisterVerdict verdict, Quality? quality = null)
    {
        var kept = quality ?? (reading.Source is ReadingSource.Estimate ? Quality.Estimated : Quality.Valid);
        var flags = verdict.Findings.Count == 0 ? [] : verdict.Findings.Select(finding => finding.RuleId).ToArray();
        var position = PositionOf(reading.ReadingAt);
        var voided = verdict.VoidsEstimate ? RemoveEstimatesBefore(ref position) : [];
        if (verdict.VoidsNextEstimate)
        {
            voided = [.. voided, .. RemoveEstimatesFrom(position)];
        }

        return Insert(position, new AcceptedValue(reading.Value, reading.ReadingAt, kept, flags, verdict.Consumption), voided);
    }

    /// <summary>Takes in a value that was accepted earlier, as it was stored; the newest one kept or, out of order, in its place.</summary>
    public Acceptance Append(AcceptedValue value) => Insert(PositionOf(value.At), value, []);

    /// <summary>Takes a value out: superseded, rejected after all, or an import undone. The use of the next value is computed again.</summary>
    /// <param name="value">One of <see cref="Values"/>, compared by content.</param>
    /// <returns>The period of the next value; null when there is none, it begins a segment, or the value was not there.</returns>
    public PeriodUse? Withdraw(AcceptedValue value)
    {
        var position = values.IndexOf(value);
        if (position < 0)
        {
            return null;
        }

        Remove(position, 1);
        return position < values.Count ? Recompute(position) : null;
    }

    /// <summary>Begins a new meter: use is counted from its install value, baselines keep the old meter's past. Accept the removal value first.</summary>
    public void BeginSegment(decimal installValue, DateTimeOffset at) => Append(new AcceptedValue(installValue, at, BeginsSegment: true));

    /// <summary>Limits for a field device at an instant after the newest value.</summary>
    public ExpectedLimits LimitsAt(DateTimeOffset at)
    {
        var from = Latest is { IsEstimate: true } && LastActualBefore(values.Count) is >= 0 and var actual ? values[actual] : Latest;
        return ExpectedLimits.For(MeterType, ConfigurationAt(at), History, from?.AsPrior, at, TypeMedianUsePerDay, parameters);
    }

    private Acceptance Insert(int position, AcceptedValue value, IReadOnlyList<AcceptedValue> voided)
    {
        values.Insert(position, value);
        PeriodUse? recomputed = null;
        if (position + 1 < values.Count)
        {
            recomputed = Recompute(position + 1);
        }

        var ended = AddPeriod(position);
        while (values.Count > capacity + 1)
        {
            values.RemoveAt(0);
        }

        while (periods.Count > capacity)
        {
            periods.RemoveAt(0);
        }

        return new Acceptance(ended, recomputed, voided);
    }

    private PeriodUse? Recompute(int position)
    {
        periods.RemoveAll(period => period.End == values[position].At);
        values[position] = values[position] with { Consumption = null };
        return AddPeriod(position);
    }

    private PeriodUse? AddPeriod(int position)
    {
        var value = values[position];
        if (position == 0 || value.BeginsSegment || UseSince(values[position - 1], value) is not decimal use)
        {
            return null;
        }

        // A person may approve a value below the one before it; nobody's habits are to be learnt from that.
        var quality = use < 0m && !ConfigurationAt(value.At).RunsBackwards ? Quality.Suspect : value.Quality;
        var period = PeriodUse.Of(values[position - 1].At, value.At, use, quality, value.Flags);
        var place = periods.Count;
        while (place > 0 && periods[place - 1].End > period.Start)
        {
            place--;
        }

        periods.Insert(place, period);
        return period;
    }

    private decimal? UseSince(AcceptedValue from, AcceptedValue value)
    {
        if (value.Consumption is decimal known)
        {
            return known;
        }

        var register = ConfigurationAt(value.At);
        return register.Kind is not RegisterKind.Cumulative ? null
            : value.Value < from.Value && !register.RunsBackwards
                ? Consumption.AcrossRollover(from.Value, value.Value, register.Digits, register.Multiplier)
                : Consumption.Between(from.Value, value.Value, register.Multiplier);
    }

    private int PositionOf(DateTimeOffset at)
    {
        var i = values.Count;
        while (i > 0 && values[i - 1].At > at)
        {
            i--;
        }

        return i;
    }

    private List<PeriodUse> HistoryUntil(DateTimeOffset at) => [.. inherited.Where(period => period.End <= at), .. periods.FindAll(period => period.End <= at)];

    private int LastActualBefore(int position)
    {
        for (var i = position - 1; i >= 0; i--)
        {
            if (!values[i].IsEstimate)
            {
                return i;
            }

            if (values[i].BeginsSegment)
            {
                return -1;
            }
        }

        return -1;
    }

    private int EstimatesBefore(int position)
    {
        var count = 0;
        while (position > 0 && values[position - 1].IsEstimate)
        {
            position--;
            count++;
        }

        return count;
    }

    private List<AcceptedValue> RemoveEstimatesBefore(ref int position)
    {
        var count = EstimatesBefore(position);
        position -= count;
        return Remove(position, count);
    }

    private List<AcceptedValue> RemoveEstimatesFrom(int position)
    {
        var count = 0;
        while (position + count < values.Count && values[position + count].IsEstimate)
        {
            count++;
        }

        return Remove(position, count);
    }

    private List<AcceptedValue> Remove(int position, int count)
    {
        var removed = values.GetRange(position, count);
        values.RemoveRange(position, count);
        periods.RemoveAll(period => removed.Exists(value => value.At == period.End));
        return removed;
    }
}
