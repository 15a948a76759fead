using MeterSync.Metering.Registers;

namespace MeterSync.Modules.Readings.Domain;

/// <summary>Where a register's counting begins anew because its meter was put to another place. Use is never counted across such an instant.</summary>
/// <param name="Begins">In order of time; the value read at the instant itself is the first of its segment.</param>
/// <param name="Inherited">Periods of the registers that counted at the place of the last segment before, oldest first: what is to be expected, never what is counted from.</param>
internal sealed record RegisterSegments(IReadOnlyList<DateTimeOffset> Begins, IReadOnlyList<PeriodUse> Inherited)
{
    /// <summary>A register that was never anywhere else: nearly all of them.</summary>
    public static readonly RegisterSegments Whole = new([], []);

    public bool IsWhole => Begins.Count == 0;

    public bool AreOne(DateTimeOffset one, DateTimeOffset other) => IsWhole || Of(one) == Of(other);

    /// <summary>What was to be expected at an instant from the registers before.</summary>
    public IReadOnlyList<PeriodUse> InheritedAt(DateTimeOffset at) => Inherited.Count > 0 && Of(at) == Begins.Count ? Inherited : [];

    /// <summary>0 before the first beginning, then one more with each.</summary>
    public int Of(DateTimeOffset at)
    {
        var count = 0;
        while (count < Begins.Count && Begins[count] <= at)
        {
            count++;
        }

        return count;
    }
}
