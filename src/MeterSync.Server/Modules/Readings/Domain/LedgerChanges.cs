using MeterSync.Kernel;
using MeterSync.Metering.Estimation;
using MeterSync.Metering.Vee;

namespace MeterSync.Modules.Readings.Domain;

/// <summary>A value measured again because the accepted value before it changed.</summary>
/// <param name="PreviousValueId">Null where it is the register's first now.</param>
internal sealed record Remeasured(ReadingValueId Id, ReadingValueId? PreviousValueId, RegisterVerdict Verdict);

/// <summary>An estimate made again because actual values stand on both sides of it now.</summary>
/// <param name="OldId">Becomes superseded.</param>
/// <param name="NewId">Takes its place.</param>
internal sealed record ReplacedEstimate(ReadingValueId OldId, ReadingValueId NewId, RegisterEstimate Estimate);

/// <summary>What a change of one register's accepted values brings with it.</summary>
/// <param name="Voided">Estimates that an actual value contradicts or makes needless; they become superseded.</param>
/// <param name="Remeasured">Values whose use is counted from another value than before; some of them may be those of <paramref name="Replaced"/>.</param>
/// <param name="Replaced">Estimates made again.</param>
internal sealed record LedgerChanges(IReadOnlyList<ReadingValueId> Voided, IReadOnlyList<Remeasured> Remeasured, IReadOnlyList<ReplacedEstimate> Replaced)
{
    public static readonly LedgerChanges None = new([], [], []);
}

/// <summary>Where a value came to stand.</summary>
/// <param name="PreviousValueId">The value its use is counted from; null for none.</param>
/// <param name="Fresh">Its verdict measured again, where taking it in changed what it is counted from; null where it did not.</param>
internal readonly record struct Placed(ReadingValueId? PreviousValueId, RegisterVerdict? Fresh);

/// <summary>Estimates that were made here, with their method, and not read from a file or entered by hand: they are made again when the truth arrives.</summary>
/// <param name="Known">Those that stand beside the values under change, with the window of the read cycle each was made for: from inclusive, to exclusive; null for none.</param>
/// <param name="Ids">For the values that take their place.</param>
internal sealed record OwnEstimates(Dictionary<ReadingValueId, (DateTimeOffset From, DateTimeOffset To)?> Known, IdSource Ids)
{
    /// <summary>The window a value was estimated for; null where it was for none, or is none of these.</summary>
    public (DateTimeOffset From, DateTimeOffset To)? WindowOf(ReadingValueId id) => Known.GetValueOrDefault(id);
}
