using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Metering;

namespace MeterSync.Modules.Meters.Public;

/// <summary>Meters as whoever stands before them needs them.</summary>
internal interface IFieldMeters
{
    /// <summary>Some thousands at most, in no order; those that do not exist are absent. Whoever asks. Two queries.</summary>
    Task<IReadOnlyList<FieldMeter>> OfAsync(IReadOnlyCollection<MeterId> ids, CancellationToken cancellationToken);
}

/// <summary>A meter with its place.</summary>
/// <param name="Meter">With its registers.</param>
/// <param name="Version">Moves with every change of the meter, its place and its registers; not with its readings.</param>
/// <param name="EstimatedMinutes">Of a visit.</param>
/// <param name="RequiresPhoto">A reading of it without one is questioned (VEE-116).</param>
/// <param name="Metadata">The owner's own fields: a JSON object.</param>
internal sealed record FieldMeter(
    MeterForReading Meter,
    int Version,
    MeterPriority Priority,
    ServicePointId? ServicePointId,
    string? Address,
    string? LocationId,
    string? Owner,
    string? TimeZone,
    string? AccessNotes,
    string? HazardNotes,
    string? KeyNumber,
    int? EstimatedMinutes,
    bool RequiresPhoto,
    JsonElement Metadata);
