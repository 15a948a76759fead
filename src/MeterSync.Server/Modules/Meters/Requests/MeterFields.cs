using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Domain;

namespace MeterSync.Modules.Meters.Requests;

/// <summary>Writes a request's fields into a meter and its service point.</summary>
internal static class MeterFields
{
    /// <param name="request">What the caller says.</param>
    /// <param name="meter">Changed in place.</param>
    /// <param name="point">Changed in place.</param>
    /// <param name="whole">True sets fields that were not given back to their defaults.</param>
    /// <returns>Why it cannot be, or null. Nothing may be saved then. Whether the region may be named is not looked at.</returns>
    public static Problem? WriteTo(this MeterRequest request, Meter meter, ServicePoint point, bool whole)
    {
        bool Sets(string name) => whole || request.Gives(name);
        if ((Sets(nameof(request.SerialNumber)) ? WriteSerialNumber(request, meter) : null) is { } serialProblem)
        {
            return serialProblem;
        }

        if ((Sets(nameof(request.MeterType)) || request.Gives(nameof(request.Type)) ? WriteMeterType(request, meter) : null) is { } typeProblem)
        {
            return typeProblem;
        }

        meter.Status = Sets(nameof(request.Status)) ? Terms<MeterStatus>.ParseOptional(request.Status) ?? MeterStatus.Active : meter.Status;
        meter.Priority = Sets(nameof(request.Priority)) ? Terms<MeterPriority>.ParseOptional(request.Priority) ?? MeterPriority.Medium : meter.Priority;
        meter.EstimatedMinutes = Sets(nameof(request.EstimatedTime)) ? request.EstimatedTime : meter.EstimatedMinutes;
        meter.RequiresPhoto = Sets(nameof(request.RequiresPhoto)) ? request.RequiresPhoto ?? false : meter.RequiresPhoto;
        meter.Metadata = Sets(nameof(request.Metadata)) ? MetadataOf(request, meter) : meter.Metadata;
        point.Address = Sets(nameof(request.Address)) ? Trimmed(request.Address) : point.Address;
        point.LocationId = Sets(nameof(request.LocationId)) ? Trimmed(request.LocationId) : point.LocationId;
        point.RegionId = Sets(nameof(request.RegionId)) ? RegionOf(request) : point.RegionId;
        point.Owner = Sets(nameof(request.Owner)) ? Trimmed(request.Owner) : point.Owner;
        point.TimeZone = Sets(nameof(request.TimeZone)) ? Trimmed(request.TimeZone) : point.TimeZone;
        point.AccessNotes = Sets(nameof(request.AccessNotes)) ? Trimmed(request.AccessNotes) : point.AccessNotes;
        point.HazardNotes = Sets(nameof(request.HazardNotes)) ? Trimmed(request.HazardNotes) : point.HazardNotes;
        point.KeyNumber = Sets(nameof(request.KeyNumber)) ? Trimmed(request.KeyNumber) : point.KeyNumber;
        point.ExternalId = Sets(nameof(request.ExternalId)) ? Trimmed(request.ExternalId) : point.ExternalId;
        meter.SearchText = Meter.SearchTextOf(meter.SerialNumber, point.Address, point.Owner);
        return WritePosition(request, point, whole);
    }

    public static string? Trimmed(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static RegionId? RegionOf(MeterRequest request) => request.RegionId is { } region ? new RegionId(region) : null;

    private static Problem? WriteSerialNumber(MeterRequest request, Meter meter)
    {
        if (Trimmed(request.SerialNumber) is not { } serial)
        {
            return KernelProblems.Invalid.For("serial_number", "A meter needs its serial number.");
        }

        meter.SerialNumber = serial;
        return null;
    }

    private static Problem? WriteMeterType(MeterRequest request, Meter meter)
    {
        if (request is { MeterType: { } one, Type: { } other } && !one.Equals(other, StringComparison.OrdinalIgnoreCase))
        {
            return KernelProblems.Invalid.For("type", "meter_type and type mean the same and differ.");
        }

        if (Terms<MeterType>.ParseOptional(request.MeterType ?? request.Type) is not { } type)
        {
            return KernelProblems.Invalid.For("meter_type", $"A meter needs its type: {string.Join(", ", Terms<MeterType>.All)}.");
        }

        meter.MeterType = type;
        return null;
    }

    /// <summary>A text that says the same JSON is left as it is: the databases keep it in different spellings.</summary>
    private static string MetadataOf(MeterRequest request, Meter meter)
    {
        if (request.Metadata is not { ValueKind: System.Text.Json.JsonValueKind.Object } element)
        {
            return meter.Metadata == "{}" ? meter.Metadata : "{}";
        }

        using var current = System.Text.Json.JsonDocument.Parse(meter.Metadata);
        return System.Text.Json.JsonElement.DeepEquals(current.RootElement, element) ? meter.Metadata : element.GetRawText();
    }

    private static Problem? WritePosition(MeterRequest request, ServicePoint point, bool whole)
    {
        var gives = request.Gives(nameof(request.Coordinates)) || request.Gives(nameof(request.Location)) || request.Gives(nameof(request.Latitude))
            || request.Gives(nameof(request.Longitude)) || request.Gives(nameof(request.Lat)) || request.Gives(nameof(request.Lng));
        var source = Terms<PositionProvenance>.ParseOptional(request.PositionSource);
        if (gives || whole)
        {
            var settled = PositionRequest.Settle("coordinates", request.Coordinates, request.Location, new PositionRequest(request.Latitude, request.Longitude, null, null, null), new PositionRequest(null, null, request.Lat, request.Lng, null));
            if (settled.Problem is { } problem)
            {
                return problem;
            }

            var moved = (settled.Value?.Latitude, settled.Value?.Longitude) != (point.Latitude, point.Longitude);
            (point.Latitude, point.Longitude) = (settled.Value?.Latitude, settled.Value?.Longitude);
            // What was known of the old place says nothing of the new one.
            point.PositionSource = source ?? (moved || whole ? PositionProvenance.Unknown : point.PositionSource);
        }
        else if (request.Gives(nameof(request.PositionSource)))
        {
            point.PositionSource = source ?? PositionProvenance.Unknown;
        }

        return point is { Latitude: null, PositionSource: not PositionProvenance.Unknown }
            ? KernelProblems.Invalid.For("position_source", "There is no position of which this could be the source.")
            : null;
    }
}
