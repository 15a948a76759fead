using MeterSync.Metering.Registers;

namespace MeterSync.Metering.Vee;

/// <summary>One check with everything derived from it that more than one rule looks at. Made once per value, then read by every rule.</summary>
public sealed class Assessment
{
    private decimal? maximumUsePerDay;
    private bool maximumIsKnown;

    /// <summary>Derives use and baselines.</summary>
    /// <exception cref="OverflowException">Numbers beyond what a decimal can hold; <see cref="Validation"/> turns it into a hold.</exception>
    public Assessment(RegisterCheck check, VeeParameters parameters)
    {
        Check = check;
        Parameters = parameters;
        IsCumulative = check.Register.Kind is RegisterKind.Cumulative;
        Previous = check.Previous is PriorValue previous && previous.At <= check.ReadingAt ? previous : null;
        Next = check.Next is PriorValue next && next.At > check.ReadingAt ? next : null;
        Use = CounterUse.SincePrevious(this);
        Judged = JudgedUse();
        Baselines = IsCumulative && Judged.Move is not CounterMove.None
            ? UseBaselines.For(check.History, Judged.From.At, check.ReadingAt, check.TypeMedianUsePerDay, parameters)
            : default;
        JudgedDays = Math.Max(Judged.Days, parameters.MinimumDays);
        if (Judged.Move is not CounterMove.None)
        {
            HighUse = HighUseOf(check.MeterType, check.Register, Baselines, JudgedDays, parameters);
            LowUse = LowUseOf(Baselines, JudgedDays, parameters);
        }
    }

    public RegisterCheck Check { get; }

    public VeeParameters Parameters { get; }

    public bool IsCumulative { get; }

    /// <summary>Accepted value before, null when it is not before at all.</summary>
    public PriorValue? Previous { get; }

    /// <summary>Accepted value after, null when the reading is the newest.</summary>
    public PriorValue? Next { get; }

    /// <summary>Use to bill: since the previous value, or since the last actual one when the estimate in between was too high.</summary>
    public CounterUse Use { get; }

    /// <summary>Use to judge: since the last actual value when the previous one is an estimate, since the error of an estimate is no change of habits.</summary>
    public CounterUse Judged { get; }

    /// <summary>Days <see cref="Judged"/> is compared over, at least one.</summary>
    public decimal JudgedDays { get; }

    public UseBaselines Baselines { get; }

    /// <summary>Use above which VEE-105 holds; null without a baseline.</summary>
    public decimal? HighUse { get; }

    /// <summary>Use below which VEE-106 flags; null when too little is expected.</summary>
    public decimal? LowUse { get; }

    /// <summary>Highest believable use per day; null when nothing is known. See <see cref="PlausibleRate"/>.</summary>
    public decimal? MaximumUsePerDay
    {
        get
        {
            if (!maximumIsKnown)
            {
                maximumUsePerDay = PlausibleRate.MaximumUsePerDay(Check.Register, Check.History, Check.TypeMedianUsePerDay, Parameters);
                maximumIsKnown = true;
            }

            return maximumUsePerDay;
        }
    }

    internal static decimal? HighUseOf(MeterType type, RegisterConfiguration register, UseBaselines baselines, decimal days, VeeParameters parameters) =>
        baselines.HighUsePerDay(type, parameters) is decimal perDay
            ? Math.Max(perDay * days, parameters.Floors.In(type, register.Unit))
            : null;

    internal static decimal? LowUseOf(UseBaselines baselines, decimal days, VeeParameters parameters) =>
        baselines.Expected is decimal perDay && perDay * days is decimal expected && expected >= parameters.LowUseMinimumExpected
            ? expected * parameters.LowUseFactor
            : null;

    private CounterUse JudgedUse()
    {
        if (Use.IsKnown && !Use.VoidsEstimate && Use.From.IsEstimate
            && Check.LastActual is PriorValue actual && actual.At <= Use.From.At)
        {
            var sinceActual = CounterUse.Between(this, actual, Check.Value, Check.ReadingAt);
            return sinceActual.IsKnown ? sinceActual : Use;
        }

        return Use;
    }
}
