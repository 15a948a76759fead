using System.Text.Json;
using MeterSync.Kernel;

namespace MeterSync.Store.Events;

/// <summary>Takes events into the unit of work under way: they are saved with the change they tell of, or not at all.</summary>
internal sealed class Outbox(MeterSyncDb db, CallerAccessor callers, TimeProvider clock, IdSource ids)
{
    public void Append<TBody>(EventKind<TBody> kind, EventAbout about, TBody body) => db.Add(new OutboxEvent
    {
        Id = ids.Next(),
        Kind = kind.Word,
        Version = kind.Version,
        At = clock.GetUtcNow().ToStored(),
        ActorId = callers.Known?.UserId,
        UserId = about.UserId,
        SubjectType = about.SubjectType,
        SubjectId = about.SubjectId,
        RegionId = about.RegionId,
        Body = JsonSerializer.Serialize(body, kind.Json),
    });
}
