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

internal sealed class MeterEditing(MeterSyncDb db, MeterChanges changes, MeterMaking making, IMeterRegistry registry, CallerAccessor callers) : IMeterEditor
{
    private const string Coordinates = "coordinates";
    private const int AtOnce = 500;

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

    public async Task<Outcome<MeterProposal>> LookAsync(MeterId meter, JsonElement proposal, CancellationToken cancellationToken) => (await LookAllAsync([(meter, proposal)], cancellationToken))[0];

    public async Task<IReadOnlyList<Outcome<MeterProposal>>> LookAllAsync(IReadOnlyList<(MeterId Meter, JsonElement Proposal)> proposals, CancellationToken cancellationToken)
    {
        var found = await LoadAsync([.. proposals.Select(one => one.Meter).Distinct()], cancellationToken);
        return [.. proposals.Select(one => Look(found.TryGetValue(one.Meter, out var meter) ? meter : null, one.Proposal))];
    }

    private static Outcome<MeterProposal> Look((Meter Meter, ServicePoint Point)? loaded, JsonElement proposal)
    {
        var request = Read(proposal);
        if (!request.Succeeded)
        {
            return request.Problem;
        }

        if (loaded is not { } found)
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

    public Problem? RefuseNew(JsonElement described)
    {
        var request = Parse(described, "");
        return request.Succeeded ? MeterMaking.Describe(request.Value, new Meter(), new ServicePoint()) : request.Problem;
    }

    public async Task<Outcome<MeterId>> CreateAsync(JsonElement described, CancellationToken cancellationToken)
    {
        var request = Parse(described, "");
        if (!request.Succeeded)
        {
            return request.Problem;
        }

        var made = await making.MakeAsync(request.Value, cancellationToken);
        return made.Succeeded ? new MeterId(made.Value.Id) : made.Problem;
    }

    public async Task<MeterProposal?> NowAsync(MeterId meter, JsonElement proposal, CancellationToken cancellationToken) =>
        (await LoadAsync([meter], cancellationToken)).TryGetValue(meter, out var found) ? new MeterProposal(found.Meter.SerialNumber, Pick(found.Meter, found.Point, proposal), found.Meter.Version) : null;

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

        return Parse(proposal, "meter_data.");
    }

    /// <param name="json">An object.</param>
    /// <param name="place">What stands before the name of a field that is wrong.</param>
    private static Outcome<MeterRequest> Parse(JsonElement json, string place)
    {
        MeterRequest? request;
        try
        {
            request = json.Deserialize<MeterRequest>(Spelling);
        }
        catch (JsonException broken)
        {
            return KernelProblems.Invalid.For("meter_data", $"The proposal could not be read{(broken.Path is { } path ? $" at {path}" : "")}.");
        }

        var faults = new List<ValidationResult>();
        foreach (var part in new object?[] { request, request?.Coordinates, request?.Location }.Concat(request?.Registers ?? []).OfType<object>())
        {
            Validator.TryValidateObject(part, new ValidationContext(part), faults, validateAllProperties: true);
        }

        return faults is [var fault, ..] ? KernelProblems.Invalid.For((place + SnakeCase.Of(fault.MemberNames.FirstOrDefault() ?? "")).TrimEnd('.'), fault.ErrorMessage ?? "The value is out of bounds.") : request!;
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

    private async Task<Dictionary<MeterId, (Meter Meter, ServicePoint Point)>> LoadAsync(IReadOnlyList<MeterId> ids, CancellationToken cancellationToken)
    {
        var found = new Dictionary<MeterId, (Meter Meter, ServicePoint Point)>();
        foreach (var part in ids.Chunk(AtOnce))
        {
            var rows = await (
                from meter in db.Set<Meter>().AsNoTracking().ReadableBy(db, callers.Caller)
                where part.Contains(meter.Id)
                join place in db.Set<ServicePoint>().AsNoTracking() on meter.ServicePointId equals (ServicePointId?)place.Id into places
                from place in places.DefaultIfEmpty()
                select new { Meter = meter, Point = place }).ToListAsync(cancellationToken);
            rows.ForEach(row => found.Add(row.Meter.Id, (row.Meter, row.Point ?? new ServicePoint())));
        }

        return found;
    }

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
        RequiresPhoto = meter.RequiresPhoto,
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
