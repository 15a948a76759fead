using System.Text.Json;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Requests;

namespace MeterSync.Modules.Meters.Import;

/// <summary>A meter with what an import may change about it.</summary>
/// <param name="Register">The main register; null where the meter has none.</param>
/// <param name="Version">The main register's last configuration.</param>
internal sealed record MeterParts(Meter Meter, ServicePoint Point, Register? Register, RegisterVersion? Version)
{
    /// <summary>The meter was taken away: <see cref="Point"/> stands for no place.</summary>
    public bool InStore => Meter.ServicePointId is null;

    /// <summary>Writes the filled cells of a row; an empty cell changes nothing.</summary>
    public void Take(MeterRow row)
    {
        Meter.Status = row.Status ?? Meter.Status;
        Meter.Priority = row.Priority ?? Meter.Priority;
        Meter.EstimatedMinutes = row.EstimatedMinutes ?? Meter.EstimatedMinutes;
        Meter.RequiresPhoto = row.RequiresPhoto ?? Meter.RequiresPhoto;
        Meter.Metadata = row.Metadata.Count == 0 ? Meter.Metadata : Merged(Meter.Metadata, row.Metadata);
        Point.Address = row.Address ?? Point.Address;
        Point.Owner = row.Owner ?? Point.Owner;
        Point.LocationId = row.LocationId ?? Point.LocationId;
        Point.RegionId = row.Region ?? Point.RegionId;
        Point.ExternalId = row.ExternalId ?? Point.ExternalId;
        Point.TimeZone = row.TimeZone ?? Point.TimeZone;
        Point.AccessNotes = row.AccessNotes ?? Point.AccessNotes;
        Point.HazardNotes = row.HazardNotes ?? Point.HazardNotes;
        Point.KeyNumber = row.KeyNumber ?? Point.KeyNumber;
        TakePosition(row);
        if (Register is not null && Version is not null && row.DescribesRegister && (row.RegisterLabel is null || string.Equals(row.RegisterLabel, Register.Label, StringComparison.OrdinalIgnoreCase)))
        {
            TakeRegister(row, Register, Version);
        }

        Meter.SearchText = Meter.SearchTextOf(Meter.SerialNumber, Point.Address, Point.Owner);
    }

    public MeterState State => new(
        Meter.Status,
        Meter.Priority,
        Meter.EstimatedMinutes,
        Meter.RequiresPhoto,
        Meter.Metadata,
        Point.Address,
        Point.Latitude,
        Point.Longitude,
        Point.PositionSource,
        Point.Owner,
        Point.LocationId,
        Point.RegionId?.Value,
        Point.ExternalId,
        Point.TimeZone,
        Point.AccessNotes,
        Point.HazardNotes,
        Point.KeyNumber,
        Register is null || Version is null ? null : new RegisterState(Register.Quantity, Version.EffectiveFrom, Version.Unit, Version.Digits, Version.Decimals, Version.Multiplier));

    /// <summary>Sets everything back.</summary>
    public void Restore(MeterState state)
    {
        (Meter.Status, Meter.Priority, Meter.EstimatedMinutes, Meter.RequiresPhoto, Meter.Metadata) = (state.Status, state.Priority, state.EstimatedMinutes, state.RequiresPhoto, state.Metadata);
        (Point.Address, Point.Latitude, Point.Longitude, Point.PositionSource) = (state.Address, state.Latitude, state.Longitude, state.PositionSource);
        (Point.Owner, Point.LocationId, Point.ExternalId, Point.TimeZone) = (state.Owner, state.LocationId, state.ExternalId, state.TimeZone);
        Point.RegionId = state.RegionId is { } region ? new RegionId(region) : null;
        (Point.AccessNotes, Point.HazardNotes, Point.KeyNumber) = (state.AccessNotes, state.HazardNotes, state.KeyNumber);
        if (state.Register is { } register && Register is not null && Version is not null)
        {
            Register.Quantity = register.Quantity;
            (Version.Unit, Version.Digits, Version.Decimals, Version.Multiplier) = (register.Unit, register.Digits, register.Decimals, register.Multiplier);
        }

        Meter.SearchText = Meter.SearchTextOf(Meter.SerialNumber, Point.Address, Point.Owner);
    }

    private void TakePosition(MeterRow row)
    {
        if (row is { Latitude: { } latitude, Longitude: { } longitude } && (latitude != Point.Latitude || longitude != Point.Longitude))
        {
            (Point.Latitude, Point.Longitude) = (latitude, longitude);
            // What was known of the old place says nothing of the new one.
            Point.PositionSource = PositionProvenance.Unknown;
        }

        if (Point.Latitude is not null)
        {
            Point.PositionSource = row.PositionSource ?? Point.PositionSource;
        }
    }

    private void TakeRegister(MeterRow row, Register register, RegisterVersion version)
    {
        if (row.Quantity is not null || row.Unit is not null)
        {
            (register.Quantity, version.Unit) = RegisterFields.QuantityAndUnit(Meter.MeterType, row.Quantity, row.Unit);
        }

        version.Digits = row.Digits ?? version.Digits;
        version.Decimals = row.Decimals ?? version.Decimals;
        version.Multiplier = row.Multiplier ?? version.Multiplier;
    }

    private static string Merged(string metadata, IReadOnlyList<(string Name, string Value)> cells)
    {
        var fields = JsonNode.Parse(metadata)!.AsObject();
        var changed = false;
        foreach (var (name, value) in cells)
        {
            if (fields[name] is not JsonValue known || known.ToString() != value)
            {
                fields[name] = value;
                changed = true;
            }
        }

        return changed ? fields.ToJsonString(JsonText) : metadata;
    }

    private static readonly JsonSerializerOptions JsonText = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

/// <summary>What an import may change about a meter, to compare and to keep for undoing.</summary>
internal sealed record MeterState(
    MeterStatus Status,
    MeterPriority Priority,
    int? EstimatedMinutes,
    bool RequiresPhoto,
    string Metadata,
    string? Address,
    double? Latitude,
    double? Longitude,
    PositionProvenance PositionSource,
    string? Owner,
    string? LocationId,
    Guid? RegionId,
    string? ExternalId,
    string? TimeZone,
    string? AccessNotes,
    string? HazardNotes,
    string? KeyNumber,
    RegisterState? Register);

/// <param name="EffectiveFrom">Beginning of the configuration, inclusive.</param>
internal sealed record RegisterState(string Quantity, DateTimeOffset EffectiveFrom, string Unit, int? Digits, int? Decimals, decimal Multiplier);

/// <summary>A meter as it was before an import changed it.</summary>
/// <param name="Version">The meter's version then; the import made it one more.</param>
/// <param name="RegisterChanged">Whether the import changed how the register is read, so that later readings depend on it.</param>
/// <param name="LastReadingAt">Instant of the last reading then.</param>
/// <param name="State">What it was like.</param>
internal sealed record MeterBefore(int Version, bool RegisterChanged, DateTimeOffset? LastReadingAt, MeterState State);
