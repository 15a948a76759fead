using MeterSync.Kernel;
using MeterSync.Metering;

namespace MeterSync.Modules.Readings.Public;

/// <summary>Walks readings and registers from the database to the caller row by row, on a connection of its own that only reads:
/// memory does not grow with the number of rows, and each walk sees one state of the database.</summary>
internal interface IReadingLedger
{
    /// <summary>Register values with what was found of them, by instant, reading and register ordinal. Superseded values only where asked for by state.</summary>
    IAsyncEnumerable<LedgerValue> ValuesAsync(LedgerFilter filter, CancellationToken cancellationToken);

    /// <summary>How many readings the filter lets through, without looking at the state of their values: good for a progress bar.</summary>
    Task<long> CountAsync(LedgerFilter filter, CancellationToken cancellationToken);

    /// <summary>Registers with the values a bill of the period needs, by serial number (binary order) and ordinal; in the order given where registers are named.
    /// One entry for each time the meter was at a service point in the period, with the values read there; a meter that was at none is left out, unless it has values
    /// from before its first installation on record.</summary>
    IAsyncEnumerable<RegisterPeriod> PeriodsAsync(PeriodFilter filter, CancellationToken cancellationToken);

    /// <summary>How many registers <see cref="PeriodsAsync"/> walks, its skip and limit aside.</summary>
    Task<long> CountPeriodsAsync(PeriodFilter filter, CancellationToken cancellationToken);

    /// <summary>Every register with its meter, service point and last accepted value, by serial number (binary order) and ordinal.</summary>
    IAsyncEnumerable<RegisterEntry> RegistersAsync(RegisterFilter filter, CancellationToken cancellationToken);
}

/// <param name="Regions">Only readings of meters in these: what the caller sees; null for all.</param>
/// <param name="From">Inclusive; null from the first.</param>
/// <param name="To">Exclusive; null to the last.</param>
/// <param name="State">Of the value; null for all but superseded.</param>
/// <param name="LocationId">Of the meter's service point today.</param>
internal sealed record LedgerFilter(
    IReadOnlyList<RegionId>? Regions,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    MeterId? MeterId = null,
    ReadingState? State = null,
    ReadingSource? Source = null,
    UserId? AgentId = null,
    string? LocationId = null);

/// <param name="Regions">Only meters at service points that are in these, as they were in the period: what the caller sees; null for all.</param>
/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive.</param>
/// <param name="LocationId">Of the service point in the period; null for all.</param>
/// <param name="Registers">Only these, in this order; null for all. At most some ten thousand.</param>
/// <param name="Skip">Registers passed over at the start.</param>
/// <param name="Limit">Registers handed out at most; null for all.</param>
internal sealed record PeriodFilter(
    IReadOnlyList<RegionId>? Regions,
    DateTimeOffset From,
    DateTimeOffset To,
    string? LocationId = null,
    IReadOnlyCollection<RegisterId>? Registers = null,
    int Skip = 0,
    int? Limit = null);

/// <summary>Filter of <see cref="IReadingLedger.RegistersAsync"/>; null lets all through.</summary>
/// <param name="Regions">Only meters in these: what the caller sees.</param>
internal sealed record RegisterFilter(IReadOnlyList<RegionId>? Regions, string? LocationId = null, MeterStatus? Status = null, MeterType? Type = null, MeterId? MeterId = null);

/// <summary>One register value as a file shows it.</summary>
/// <param name="At">When the register was read.</param>
/// <param name="Value">Before the multiplier.</param>
/// <param name="Unit">Of the configuration of the reading's instant.</param>
/// <param name="Consumption">Units after the multiplier since the accepted value before; null where there is none.</param>
/// <param name="Days">Since the accepted value before.</param>
/// <param name="Quality">Word of <see cref="Metering.Quality"/>.</param>
/// <param name="State">Word of <see cref="ReadingState"/>.</param>
/// <param name="Flags">VEE ids, comma-separated; empty where none.</param>
/// <param name="Source">Word of <see cref="ReadingSource"/>.</param>
/// <param name="Verified">A person confirmed the reading.</param>
internal sealed record LedgerValue(
    Guid ReadingId,
    string SerialNumber,
    string Register,
    DateTimeOffset At,
    decimal Value,
    string? Unit,
    decimal? Consumption,
    decimal? Days,
    string Quality,
    string State,
    string Flags,
    string Source,
    bool Verified,
    Guid? AgentId,
    DateTimeOffset ReceivedAt,
    string? Notes);

/// <summary>A register and its meter and place, as far as a bill names them.</summary>
/// <param name="Address">Of the service point the meter was at in the period; today's where none is on record. Owner, location and external id likewise.</param>
internal sealed record LedgerRegister(
    RegisterId Id,
    MeterId MeterId,
    string SerialNumber,
    MeterStatus MeterStatus,
    int Ordinal,
    string Label,
    string Quantity,
    RegisterKind Kind,
    FlowDirection Direction,
    string? ObisCode,
    string? Address,
    string? Owner,
    string? LocationId,
    string? ExternalId)
{
    /// <summary>When the meter came to that service point; null where that is not on record.</summary>
    public DateTimeOffset? InstalledAt { get; init; }

    /// <summary>When it was taken away; null while it is there.</summary>
    public DateTimeOffset? RemovedAt { get; init; }
}

/// <param name="Values">The latest accepted value before the period, if any, then the accepted and held values in it; by instant.</param>
/// <param name="Unit">At the last of the values, or at the start of the period where there are none.</param>
/// <param name="Multiplier">Likewise.</param>
internal sealed record RegisterPeriod(LedgerRegister Register, string Unit, decimal Multiplier, IReadOnlyList<PeriodValue> Values);

/// <param name="Value">Before the multiplier.</param>
/// <param name="State">Accepted or held.</param>
/// <param name="Flags">VEE ids, comma-separated; empty where none.</param>
/// <param name="Consumption">As <see cref="LedgerValue.Consumption"/>.</param>
/// <param name="SupersedesId">The value this one corrects.</param>
/// <param name="ReceivedAt">When the reading came in.</param>
/// <param name="Unit">Of the configuration of its instant.</param>
/// <param name="Multiplier">Likewise.</param>
internal sealed record PeriodValue(
    ReadingValueId Id,
    ReadingId ReadingId,
    DateTimeOffset At,
    decimal Value,
    ReadingState State,
    Quality Quality,
    string Flags,
    decimal? Consumption,
    ReadingValueId? SupersedesId,
    DateTimeOffset ReceivedAt,
    string Unit,
    decimal Multiplier)
{
    /// <summary>How it was estimated, in words; null for what was read, and for estimates that came from elsewhere.</summary>
    public string? Estimate { get; init; }
}

/// <param name="Status">Word of <see cref="MeterStatus"/>; type and priority are words likewise.</param>
/// <param name="Unit">Of the newest configuration; digits, decimals and multiplier likewise.</param>
/// <param name="LastValue">The newest accepted value, before the multiplier; null where there is none.</param>
/// <param name="Region">Name of the region the service point lies in; null for none.</param>
internal sealed record RegisterEntry(
    Guid MeterId,
    string SerialNumber,
    string MeterType,
    string Status,
    string Priority,
    int Ordinal,
    string Label,
    string? ObisCode,
    string Quantity,
    string? Unit,
    int? Digits,
    int? Decimals,
    decimal? Multiplier,
    string? Address,
    double? Latitude,
    double? Longitude,
    string? LocationId,
    string? Owner,
    string? ExternalId,
    DateTimeOffset? LastAt,
    decimal? LastValue,
    string? Region)
{
    /// <summary>Word of <see cref="PositionProvenance"/>; null where there is no position.</summary>
    public string? PositionSource { get; init; }

    /// <summary>When the meter came to its place; null where that is not on record, and in store.</summary>
    public DateTimeOffset? InstalledAt { get; init; }

    /// <summary>When an exchange took it away; null unless it is in store since.</summary>
    public DateTimeOffset? RemovedAt { get; init; }

    public string? TimeZone { get; init; }

    public string? AccessNotes { get; init; }

    public string? HazardNotes { get; init; }

    public string? KeyNumber { get; init; }

    public int? EstimatedMinutes { get; init; }

    /// <summary>Word of <see cref="RegisterKind"/>.</summary>
    public string RegisterKind { get; init; } = "";

    /// <summary>Word of <see cref="FlowDirection"/>.</summary>
    public string Direction { get; init; } = "";
}
