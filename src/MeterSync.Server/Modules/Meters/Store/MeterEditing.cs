using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Meters.Requests;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.Store;

internal sealed class MeterEditing(MeterSyncDb db, MeterChanges changes, IMeterRegistry registry, CallerAccessor callers) : IMeterEditor
{
    private const string Coordinates = "coordinates";

    /// <summary>As the API spells bodies.</summary>
    private static readonly JsonSerializerOptions Spelling = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        TypeInfoResolver = MetersJson.Default,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Fields that can be proposed, and the member of a meter that shows them.</summary>
    private static readonly Dictionary<string, string> Shown = new(StringComparer.Ordinal)
    {
        ["serial_number"] = "serial_number",
        ["meter_type"] = "meter_type",
        ["type"] = "meter_type",
        ["status"] = "status",
        ["priority"] = "priority",
        ["address"] = "address",
        ["location_id"] = "location_id",
        ["owner"] = "owner",
        [Coordinates] = Coordinates,
        ["location"] = Coordinates,
        ["latitude"] = Coordinates,
        ["longitude"] = Coordinates,
        ["lat"] = Coordinates,
        ["lng"] = Coordinates,
        ["position_source"] = "position_source",
        ["metadata"] = "metadata",
        ["estimated_time"] = "estimated_time",
        ["access_notes"] = "access_notes",
        ["hazard_notes"] = "hazard_notes",
        ["key_number"] = "key_number",
        ["external_id"] = "external_id",
    };

    private static readonly HashSet<string> OfDevice = ["serial_number", "meter_type", "status", "metadata", "estimated_time"];

    public bool IsOfPlace(JsonElement proposal) =>
        proposal.ValueKind == JsonValueKind.Object && proposal.EnumerateObject().All(field => Shown.TryGetValue(field.Name, out var member) && !OfDevice.Contains(member));

    public async Task<Outcome<MeterProposal>> LookAsync(MeterId meter, JsonElement proposal, CancellationToken cancellationToken)
    {
        var request = Read(proposal);
        if (!request.Succeeded)
        {
            return request.Problem;
        }

        if (await LoadAsync(meter, cancellationToken) is not { } found)
        {
            return MeterProblems.MeterNotFound.Because("There is no such meter.");
        }

        // On copies that nobody saves: whether it can be written, and whether anything would be different.
        var (trial, place) = (Copy(found.Meter), Copy(found.Point));
        if (request.Value.WriteTo(trial, place, whole: false) is { } refusal)
        {
            return refusal;
        }

        var (before, after) = (Pick(found.Meter, found.Point, proposal), Pick(trial, place, proposal));
        return JsonNode.DeepEquals(JsonNode.Parse(before), JsonNode.Parse(after))
            ? KernelProblems.Invalid.For("meter_data", "Nothing of that would change the meter.")
            : new MeterProposal(found.Meter.SerialNumber, before, found.Meter.Version);
    }

    public async Task<MeterProposal?> NowAsync(MeterId meter, JsonElement proposal, CancellationToken cancellationToken) =>
        await LoadAsync(meter, cancellationToken) is { } found ? new MeterProposal(found.Meter.SerialNumber, Pick(found.Meter, found.Point, proposal), found.Meter.Version) : null;

    public async Task<Outcome<Done>> ApplyAsync(MeterId meter, JsonElement proposal, CancellationToken cancellationToken)
    {
        var request = Read(proposal);
        if (!request.Succeeded)
        {
            return request.Problem;
        }

        await registry.LockAsync(meter, null, cancellationToken);
        var applied = await changes.ApplyAsync(meter, request.Value, whole: false, null, cancellationToken);
        return applied.Succeeded ? Done.It : applied.Problem;
    }

    private static Outcome<MeterRequest> Read(JsonElement proposal)
    {
        if (proposal.ValueKind != JsonValueKind.Object || !proposal.EnumerateObject().Any())
        {
            return KernelProblems.Invalid.For("meter_data", "Name the fields of the meter that shall be different.");
        }

        foreach (var field in proposal.EnumerateObject())
        {
            if (!Shown.ContainsKey(field.Name))
            {
                return KernelProblems.Invalid.For($"meter_data.{field.Name}", $"{field.Name} is no field that can be proposed. Those are: {string.Join(", ", Shown.Keys)}.");
            }
        }

        MeterRequest? request;
        try
        {
            request = proposal.Deserialize<MeterRequest>(Spelling);
        }
        catch (JsonException broken)
        {
            return KernelProblems.Invalid.For("meter_data", $"The proposal could not be read{(broken.Path is { } path ? $" at {path}" : "")}.");
        }

        var faults = new List<ValidationResult>();
        foreach (var part in new object?[] { request, request?.Coordinates, request?.Location }.OfType<object>())
        {
            Validator.TryValidateObject(part, new ValidationContext(part), faults, validateAllProperties: true);
        }

        return faults is [var fault, ..] ? KernelProblems.Invalid.For($"meter_data.{SnakeCase.Of(fault.MemberNames.FirstOrDefault() ?? "")}".TrimEnd('.'), fault.ErrorMessage ?? "The value is out of bounds.") : request!;
    }

    private static string Pick(Meter meter, ServicePoint point, JsonElement proposal)
    {
        var shown = JsonSerializer.SerializeToNode(MeterView.Of(meter, point, null, null), Spelling)!.AsObject();
        var picked = new JsonObject();
        foreach (var name in proposal.EnumerateObject().Select(field => Shown[field.Name]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            picked[name] = shown[name]?.DeepClone();
        }

        return picked.ToJsonString();
    }

    private async Task<(Meter Meter, ServicePoint Point)?> LoadAsync(MeterId id, CancellationToken cancellationToken) => await (
        from meter in db.Set<Meter>().AsNoTracking().ReadableBy(db, callers.Caller)
        where meter.Id == id
        join place in db.Set<ServicePoint>().AsNoTracking() on meter.ServicePointId equals (ServicePointId?)place.Id into places
        from place in places.DefaultIfEmpty()
        select new { Meter = meter, Point = place }).FirstOrDefaultAsync(cancellationToken) is { } row ? (row.Meter, row.Point ?? new ServicePoint()) : null;

    private static Meter Copy(Meter meter) => new()
    {
        Id = meter.Id,
        SerialNumber = meter.SerialNumber,
        MeterType = meter.MeterType,
        Status = meter.Status,
        Priority = meter.Priority,
        ServicePointId = meter.ServicePointId,
        Metadata = meter.Metadata,
        EstimatedMinutes = meter.EstimatedMinutes,
        SearchText = meter.SearchText,
        CreatedAt = meter.CreatedAt,
        UpdatedAt = meter.UpdatedAt,
        Version = meter.Version,
    };

    private static ServicePoint Copy(ServicePoint point) => new()
    {
        Id = point.Id,
        Address = point.Address,
        Latitude = point.Latitude,
        Longitude = point.Longitude,
        PositionSource = point.PositionSource,
        LocationId = point.LocationId,
        RegionId = point.RegionId,
        Owner = point.Owner,
        TimeZone = point.TimeZone,
        AccessNotes = point.AccessNotes,
        HazardNotes = point.HazardNotes,
        KeyNumber = point.KeyNumber,
        ExternalId = point.ExternalId,
        CreatedAt = point.CreatedAt,
        UpdatedAt = point.UpdatedAt,
    };
}
