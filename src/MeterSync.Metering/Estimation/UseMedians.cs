namespace MeterSync.Metering.Estimation;

/// <summary>The median use per day of many registers, by kind and by kind in a region: what is expected of a register nobody knows anything of.
/// Memory is bounded; of a kind with more registers than are kept, the first ones stand for all. Not safe for use by several threads at once.</summary>
/// <typeparam name="TKind">What makes registers comparable: the meter's type, quantity, unit and direction.</typeparam>
public sealed class UseMedians<TKind>
    where TKind : notnull
{
    /// <summary>Registers a median needs: fewer say more of themselves than of others.</summary>
    public const int FewestRegisters = 3;

    /// <summary>Registers kept of a kind, and of a kind in a region.</summary>
    public const int MostRegisters = 20_000;

    private readonly Dictionary<TKind, Sample> ofKind = [];
    private readonly Dictionary<(TKind Kind, Guid Region), Sample> ofRegion = [];

    /// <summary>Takes one register's use per day in; below zero is passed over.</summary>
    /// <param name="kind">What it counts.</param>
    /// <param name="region">Where; null nowhere.</param>
    /// <param name="usePerDay">In the register's unit.</param>
    public void Add(TKind kind, Guid? region, decimal usePerDay)
    {
        if (usePerDay < 0m)
        {
            return;
        }

        Of(ofKind, kind).Add(usePerDay);
        if (region is Guid known)
        {
            Of(ofRegion, (kind, known)).Add(usePerDay);
        }
    }

    /// <summary>Median of the kind; null with fewer than three registers.</summary>
    public decimal? Of(TKind kind) => ofKind.GetValueOrDefault(kind)?.Median;

    /// <summary>Median of the kind in a region; null with fewer than three registers.</summary>
    public decimal? InRegion(TKind kind, Guid region) => ofRegion.GetValueOrDefault((kind, region))?.Median;

    private static Sample Of<TKey>(Dictionary<TKey, Sample> samples, TKey key)
        where TKey : notnull
    {
        if (!samples.TryGetValue(key, out var sample))
        {
            sample = new Sample();
            samples.Add(key, sample);
        }

        return sample;
    }

    private sealed class Sample
    {
        private readonly List<decimal> uses = [];
        private bool isSorted;

        /// <summary>Of an even number, the lower of the two in the middle: no use that no register has.</summary>
        public decimal? Median
        {
            get
            {
                if (!isSorted)
                {
                    uses.Sort();
                    isSorted = true;
                }

                return uses.Count < FewestRegisters ? null : uses[(uses.Count - 1) / 2];
            }
        }

        public void Add(decimal use)
        {
            if (uses.Count < MostRegisters)
            {
                uses.Add(use);
                isSorted = false;
            }
        }
    }
}
