using System.Buffers;
using System.Text;
using System.Text.Json;
using MeterSync.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace MeterSync.Store.Audit;

/// <summary>Turns the pending changes of audited rows into audit rows of the same save.</summary>
internal static class AuditTrail
{
    public static void Append(MeterSyncDb db, StoreSession session)
    {
        List<AuditEntry>? entries = null;
        foreach (var entry in db.ChangeTracker.Entries<IAudited>())
        {
            if (entry.State is EntityState.Added && entry.Entity.AuditsCreation)
            {
                (entries ??= []).Add(Describe(session, entry, "created", before: false, after: true));
            }
            else if (entry.State is EntityState.Modified)
            {
                (entries ??= []).Add(Describe(session, entry, "updated", before: true, after: true));
            }
            else if (entry.State is EntityState.Deleted)
            {
                (entries ??= []).Add(Describe(session, entry, "deleted", before: true, after: false));
            }
        }

        if (entries is not null)
        {
            db.Set<AuditEntry>().AddRange(entries);
        }
    }

    /// <summary>The audit row of a row that goes in past the change tracker; null where its making is told elsewhere.</summary>
    public static AuditEntry? OfNew(MeterSyncDb db, StoreSession session, object row)
    {
        if (row is not IAudited { AuditsCreation: true } audited)
        {
            return null;
        }

        var columns = AuditColumns.Of(db.Model.FindEntityType(row.GetType()) ?? throw new InvalidOperationException($"{row.GetType().Name} is not mapped."));
        return Compose(session, "created", audited.AuditName, audited.AuditId, null, Json(columns, column => column.ValueOf(row)));
    }

    /// <summary>An audit row for a change that does not pass through tracked entities, such as an import.</summary>
    public static AuditEntry Compose(StoreSession session, string action, string entityType, Guid entityId, string? before, string? after) => new()
    {
        Id = session.Ids.Next(),
        At = session.Clock.GetUtcNow().ToStored(),
        ActorId = session.Caller?.UserId?.Value,
        Actor = session.Caller?.Name ?? "system",
        Action = action,
        EntityType = entityType,
        EntityId = entityId,
        OldData = before,
        NewData = after,
        IpAddress = session.Caller?.IpAddress,
        UserAgent = session.Caller?.UserAgent,
    };

    private static AuditEntry Describe(StoreSession session, EntityEntry<IAudited> entry, string action, bool before, bool after)
    {
        var columns = AuditColumns.Of(entry.Metadata);
        var shown = before && after ? [.. columns.Where(column => entry.Property(column.Property).IsModified)] : columns;
        return Compose(
            session,
            action,
            entry.Entity.AuditName,
            entry.Entity.AuditId,
            before ? Json(shown, column => entry.Property(column.Property).OriginalValue) : null,
            after ? Json(shown, column => entry.Property(column.Property).CurrentValue) : null);
    }

    private static string Json(IReadOnlyList<AuditColumn> columns, Func<AuditColumn, object?> valueOf)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        foreach (var column in columns)
        {
            json.WritePropertyName(column.Name);
            if (column.IsSecret)
            {
                json.WriteStringValue("(secret)");
            }
            else
            {
                WriteValue(json, valueOf(column));
            }
        }

        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number:
                json.WriteNumberValue(number);
                break;
            case decimal number:
                json.WriteNumberValue(number);
                break;
            case DateTimeOffset instant:
                json.WriteStringValue(instant);
                break;
            case ITypedId id:
                json.WriteStringValue(id.Value);
                break;
            case Enum word:
                json.WriteStringValue(SnakeCase.Of(word.ToString()));
                break;
            case byte[] bytes:
                json.WriteBase64StringValue(bytes);
                break;
            case IEnumerable<string> words:
                json.WriteStartArray();
                foreach (var word in words)
                {
                    json.WriteStringValue(word);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(value.ToString());
                break;
        }
    }
}
