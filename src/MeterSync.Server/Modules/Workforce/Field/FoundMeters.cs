using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;

namespace MeterSync.Modules.Workforce.Field;

/// <summary>A meter that is in no list. But for notes and photos the fields of <c>POST /meters</c>, which bounds them.</summary>
/// <param name="Photos">Ids, addresses or SHA-256 hashes of photos, at most 10.</param>
internal sealed record FoundMeterRequest(
    [property: Required] string? SerialNumber,
    [property: Required] string? MeterType,
    string? Address,
    double? Latitude,
    double? Longitude,
    int? Digits,
    int? Decimals,
    string? Unit,
    decimal? Multiplier,
    string? Owner,
    string? LocationId,
    string? AccessNotes,
    string? HazardNotes,
    string? KeyNumber,
    [property: PlainText(2000, AllowLines = true)] string? Notes,
    [property: MaxLength(FoundMeterRequest.MostPhotos)] IReadOnlyList<string>? Photos)
{
    public const int MostPhotos = 10;
}

/// <summary>Meters that agents find and that are in no list: they become requests for a decision, and meters with the last approval.</summary>
internal sealed class FoundMeters(IRequestReader reader, MeterSyncDb db, WriteTransactions transactions, NewApprovals approvals, IMeterEditor editor, CallerAccessor callers) : IFieldEntity
{
    private const int LongestPhoto = 1000;

    public string Name => "found_meter";

    public int Turn => 50;

    public Permission Permission => WorkforcePermissions.CreateApprovals;

    public Outcome<FieldItem> Read(FieldMessage message)
    {
        if (message.RefuseUpdate(Name) is { } update)
        {
            return update;
        }

        if (callers.Caller.UserId is null)
        {
            return KernelProblems.Forbidden.Because("A request needs a person who makes it.");
        }

        var read = reader.Read<FoundMeterRequest>(message.Payload);
        if (!read.Succeeded)
        {
            return read.Problem;
        }

        if (read.Value.Photos?.Any(photo => photo is null or "" or { Length: > LongestPhoto }) is true)
        {
            return KernelProblems.Invalid.For("photos", "A photo is an id, a hash or an address of at most 1,000 characters.");
        }

        var data = DataOf(read.Value);
        var described = JsonSerializer.SerializeToElement(data, WorkforceJson.Default.JsonObject);
        return editor.RefuseNew(described) is { } refusal
            ? refusal
            : new Item(message, data, read.Value, FieldPayload.HashOf($"found_meter/1|{CanonicalJson.Of(described)}|{read.Value.Notes}|{string.Join('|', read.Value.Photos ?? [])}"));
    }

    public async Task ApplyAsync(FieldBatch batch, IReadOnlyList<FieldItem> items, CancellationToken cancellationToken)
    {
        var sent = await approvals.SentAsync([.. items.Select(item => item.Message.ClientId)], cancellationToken);
        var fresh = new List<Item>();
        foreach (var item in items.Cast<Item>())
        {
            if (sent.TryGetValue(item.Message.ClientId, out var before))
            {
                item.Result = approvals.Again(before, item);
            }
            else
            {
                fresh.Add(item);
            }
        }

        var reported = await approvals.ReportAsync([.. fresh.Select(item => item.Found)], cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        foreach (var (item, made) in fresh.Zip(reported))
        {
            item.Result = new FieldApplied(made.Id.Value, made.Version, null);
            transactions.Afterwards(() => WorkforceMetrics.Approval(ApprovalKind.FoundMeter, "requested"));
        }
    }

    /// <summary>What was said, under the names that <c>POST /meters</c> has for it.</summary>
    private static JsonObject DataOf(FoundMeterRequest request)
    {
        var data = new JsonObject();
        Put("serial_number", request.SerialNumber);
        Put("meter_type", request.MeterType);
        Put("address", request.Address);
        Put("latitude", request.Latitude);
        Put("longitude", request.Longitude);
        Put("digits", request.Digits);
        Put("decimals", request.Decimals);
        Put("unit", request.Unit);
        Put("multiplier", request.Multiplier?.Plain());
        Put("owner", request.Owner);
        Put("location_id", request.LocationId);
        Put("access_notes", request.AccessNotes);
        Put("hazard_notes", request.HazardNotes);
        Put("key_number", request.KeyNumber);
        return data;

        void Put(string name, JsonNode? value)
        {
            if (value is not null)
            {
                data[name] = value;
            }
        }
    }

    private sealed class Item(FieldMessage message, JsonObject data, FoundMeterRequest request, byte[] hash) : FieldItem(message, hash)
    {
        public MeterFound Found => new(Message.ClientId, ContentHash, data, request.Notes, request.Photos ?? []);
    }
}
