using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Audit.Public;
using MeterSync.Store.Audit;

namespace MeterSync.Modules.Audit.Store;

/// <summary>Entries with names and personal values put back, where they are still known.</summary>
internal sealed class AuditViews(AuditReader reader, IPersonNames names)
{
    public async Task<IReadOnlyList<AuditEntryView>> OfAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        var open = await reader.OpenAsync(entries, cancellationToken);
        var known = await names.FindAsync(entries.Select(entry => entry.ActorId).OfType<Guid>().Distinct().Select(id => new UserId(id)).ToList(), cancellationToken);
        return [.. open.Select(entry => View(entry, known))];
    }

    private static AuditEntryView View(OpenEntry open, IReadOnlyDictionary<UserId, string> names)
    {
        var entry = open.Entry;
        var actor = entry.ActorId is not { } person ? entry.Actor
            : open.IsActorErased ? Forgotten.Text
            : names.GetValueOrDefault(new UserId(person));
        return new AuditEntryView(entry.Id, entry.Seq, entry.At, entry.ActorId, actor, entry.Action, entry.EntityType, entry.EntityId, Json(open.OldData), Json(open.NewData), open.IpAddress, open.UserAgent);
    }

    /// <summary>An object as a rule; what somebody put there past the program shows as text.</summary>
    private static JsonElement? Json(string? text)
    {
        if (text is null)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(text, AuditJsonContext.Default.String);
        }
    }
}
