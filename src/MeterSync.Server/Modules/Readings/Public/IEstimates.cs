using MeterSync.Kernel;
using MeterSync.Metering.Estimation;

namespace MeterSync.Modules.Readings.Public;

/// <summary>Estimates what meters would have shown that nobody read, and records it as readings of the source estimate, judged like any other.</summary>
internal interface IEstimates
{
    /// <summary>Estimates every cumulative register of the meters at one instant. Commits some hundreds of meters at a time; called again after it was stopped, it passes
    /// over what it made. Call it outside of a transaction, with a caller known and nothing pending in the unit of work, which it empties. Memory is bounded by the
    /// meters of one part, their past of three years and the outcomes.</summary>
    /// <param name="meters">Those the caller does not see are passed over. Twice is once.</param>
    /// <param name="at">The instant, not in the future.</param>
    /// <param name="terms">What else holds for all of them.</param>
    /// <param name="report">Told how many meters are done; null tells nobody.</param>
    /// <param name="cancellationToken">Stops between two parts; what was committed stays.</param>
    /// <returns>One outcome for each cumulative register, by part and meter.</returns>
    Task<IReadOnlyList<EstimateOutcome>> EstimateAsync(IReadOnlyCollection<MeterId> meters, DateTimeOffset at, EstimateTerms terms, Action<int>? report, CancellationToken cancellationToken);
}

/// <param name="Window">Of the read cycle it is for, from inclusive, to exclusive: a register with an accepted actual value in it is not estimated, and one that comes later
/// makes the estimate needless. Null estimates in any case.</param>
/// <param name="Notes">Kept in the readings; null for none.</param>
internal sealed record EstimateTerms((DateTimeOffset From, DateTimeOffset To)? Window = null, string? Notes = null);

/// <summary>What became of a register.</summary>
public enum EstimateResult
{
    /// <summary>The estimate counts.</summary>
    Estimated,

    /// <summary>A rule holds the estimate for a person.</summary>
    Held,

    /// <summary>There was a value at the instant already.</summary>
    Already,

    /// <summary>It was read; no estimate is needed.</summary>
    Read,

    /// <summary>No estimate can be made.</summary>
    Impossible,
}

/// <param name="ReadingId">The reading made; null where none was.</param>
/// <param name="Value">The estimate, before the multiplier, or the value that makes it needless; null where there is neither.</param>
/// <param name="Unit">Of the day.</param>
/// <param name="Method">Null where no estimate was made now.</param>
/// <param name="Inputs">The numbers it was made of; empty where no estimate was made now.</param>
/// <param name="Explanation">How it was made, or why none was, in words.</param>
/// <param name="Flags">VEE ids found on it, comma-separated; empty where none.</param>
internal sealed record EstimateOutcome(
    MeterId MeterId,
    string SerialNumber,
    RegisterId RegisterId,
    string Register,
    EstimateResult Result,
    ReadingId? ReadingId,
    decimal? Value,
    string Unit,
    EstimationMethod? Method,
    IReadOnlyList<EstimationInput> Inputs,
    string Explanation,
    string Flags);
