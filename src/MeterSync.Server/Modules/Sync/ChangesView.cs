using System.Text.Json;
using System.Text.Json.Serialization;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Metering.Registers;
using MeterSync.Metering.Vee;
using MeterSync.Modules.Meters.Public;

namespace MeterSync.Modules.Sync;

/// <summary>One page of what a phone has to hear of.</summary>
/// <param name="Epoch">The life of the data; another one than before: push again what was acknowledged since.</param>
/// <param name="Reset">Forget what was fetched before: this is the first page of all there is.</param>
/// <param name="ServerTime">To learn one's own clock's error from.</param>
/// <param name="Changes">Each thing once, as it is now; meters before the assignments that name them.</param>
/// <param name="Cursor">To be kept once the page is stored, and sent next time.</param>
/// <param name="HasMore">Ask again at once.</param>
internal sealed record ChangesView(Guid Epoch, bool Reset, DateTimeOffset ServerTime, IReadOnlyList<ChangeView> Changes, string Cursor, bool HasMore)
{
    /// <summary>Line for people.</summary>
    [JsonIgnore]
    public string? Message { get; init; }
}

/// <param name="Entity">meter, assignment or reading.</param>
/// <param name="Version">Null where it is gone.</param>
/// <param name="Deleted">The phone's user sees it no more.</param>
/// <param name="Data">An assignment as GET /assignments shows it; a meter with its registers and their limits; an own reading in short. Null where it is gone.</param>
internal sealed record ChangeView(string Entity, Guid Id, int? Version, bool Deleted, object? Data);

/// <param name="Latitude">Degrees north, WGS 84.</param>
/// <param name="Longitude">Degrees east, WGS 84.</param>
internal sealed record FieldPlaceView(double Latitude, double Longitude);

/// <summary>A meter as a phone keeps it.</summary>
/// <param name="EstimatedTime">Minutes a visit takes.</param>
/// <param name="RequiresPhoto">A reading of it without a photo is questioned (VEE-116).</param>
/// <param name="Metadata">The owner's own fields.</param>
/// <param name="Version">Of the meter, its place and its registers; the limits change without it.</param>
/// <param name="Registers">By ordinal.</param>
internal sealed record FieldMeterView(
    Guid Id,
    string SerialNumber,
    MeterType MeterType,
    MeterStatus Status,
    MeterPriority Priority,
    Guid? ServicePointId,
    string? Address,
    FieldPlaceView? Coordinates,
    PositionProvenance PositionSource,
    string? LocationId,
    string? Owner,
    string? TimeZone,
    string? AccessNotes,
    string? HazardNotes,
    string? KeyNumber,
    int? EstimatedTime,
    bool RequiresPhoto,
    JsonElement Metadata,
    int Version,
    IReadOnlyList<FieldRegisterView> Registers)
{
    public static FieldMeterView Of(FieldMeter found, IReadOnlyDictionary<RegisterId, ExpectedLimits> limits, DateTimeOffset at)
    {
        var meter = found.Meter;
        return new FieldMeterView(
            meter.Id.Value,
            meter.SerialNumber,
            meter.Type,
            meter.Status,
            found.Priority,
            found.ServicePointId?.Value,
            found.Address,
            meter is { Latitude: { } latitude, Longitude: { } longitude } ? new FieldPlaceView(latitude, longitude) : null,
            meter.PositionSource,
            found.LocationId,
            found.Owner,
            found.TimeZone,
            found.AccessNotes,
            found.HazardNotes,
            found.KeyNumber,
            found.EstimatedMinutes,
            found.RequiresPhoto,
            found.Metadata,
            found.Version,
            [.. meter.Registers.Select(register => FieldRegisterView.Of(register, register.At(at), limits.GetValueOrDefault(register.Id)))]);
    }
}

/// <summary>A register as it is configured now.</summary>
/// <param name="Limits">What a value read now is to be expected to be, as samples/vectors/vee.json has it: with them a phone finds what the server would question.</param>
internal sealed record FieldRegisterView(
    Guid Id,
    int Ordinal,
    string Label,
    string? ObisCode,
    string Quantity,
    string Unit,
    RegisterKind Kind,
    FlowDirection Direction,
    int? Digits,
    int? Decimals,
    decimal Multiplier,
    bool RunsBackwards,
    decimal? MaximumUsePerDay,
    ExpectedLimits? Limits)
{
    public static FieldRegisterView Of(RegisterForReading register, RegisterConfiguration now, ExpectedLimits? limits) => new(
        register.Id.Value,
        register.Ordinal,
        register.Label,
        register.ObisCode,
        now.Quantity,
        now.Unit,
        now.Kind,
        now.Direction,
        now.Digits,
        now.Decimals,
        now.Multiplier,
        now.RunsBackwards,
        now.MaximumUsePerDay,
        limits);
}
