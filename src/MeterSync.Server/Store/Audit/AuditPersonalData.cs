using System.Text.Json;
using MeterSync.Kernel;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Store.Audit;

/// <summary>Entries of a person's deeds and of changes to the person. The entries stay, since the chain cannot lose one; their personal values go with the key.</summary>
internal sealed class AuditPersonalData(MeterSyncDb db, AuditReader reader, PersonKeys keys) : IPersonalData
{
    private const int AtOnce = 500;

    public string Section => "audit_log";

    public async Task WriteAsync(Utf8JsonWriter json, UserId person, CancellationToken cancellationToken)
    {
        json.WriteStartArray();
        var entries = db.Set<AuditEntry>().AsNoTracking();
        await WriteAsync(json, entries.Where(entry => entry.ActorId == person.Value), cancellationToken);
        await WriteAsync(json, entries.Where(entry => entry.EntityId == person.Value && entry.EntityType == "user" && entry.ActorId != person.Value), cancellationToken);
        json.WriteEndArray();
    }

    public Task EraseAsync(UserId person, CancellationToken cancellationToken) => keys.EraseAsync(db, person.Value, cancellationToken);

    private async Task WriteAsync(Utf8JsonWriter json, IQueryable<AuditEntry> wanted, CancellationToken cancellationToken)
    {
        var next = wanted;
        while (true)
        {
            var part = await next.OrderBy(entry => entry.At).ThenBy(entry => entry.Id).Take(AtOnce).ToListAsync(cancellationToken);
            foreach (var open in await reader.OpenAsync(part, cancellationToken))
            {
                Write(json, open);
            }

            await json.FlushAsync(cancellationToken);
            if (part.Count < AtOnce)
            {
                return;
            }

            var (at, id) = (part[^1].At, part[^1].Id);
            next = wanted.Where(entry => entry.At >= at && (entry.At > at || entry.Id.CompareTo(id) > 0));
        }
    }

    private static void Write(Utf8JsonWriter json, OpenEntry open)
    {
        json.WriteStartObject();
        json.WriteString("id", open.Entry.Id);
        json.WriteString("at", open.Entry.At);
        json.WriteString("action", open.Entry.Action);
        json.WriteString("entity_type", open.Entry.EntityType);
        json.WriteString("entity_id", open.Entry.EntityId);
        WriteJson(json, "old_data", open.OldData);
        WriteJson(json, "new_data", open.NewData);
        json.WriteString("ip_address", open.IpAddress);
        json.WriteString("user_agent", open.UserAgent);
        json.WriteEndObject();
    }

    private static void WriteJson(Utf8JsonWriter json, string name, string? text)
    {
        json.WritePropertyName(name);
        if (text is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteRawValue(text);
    }
}
