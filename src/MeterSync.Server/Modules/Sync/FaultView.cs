using System.Text;
using MeterSync.Modules.Sync.Domain;

namespace MeterSync.Modules.Sync;

/// <summary>What could not be applied, for whoever deals with it.</summary>
/// <param name="DeviceId">The phone's id here; GET /field-devices/{id}.</param>
/// <param name="DeviceKey">What the phone calls itself.</param>
/// <param name="UserName">Whose phone it is.</param>
/// <param name="ClientId">Null where it could not be read.</param>
/// <param name="Entity">reading, skip and so on; null where it could not be read.</param>
/// <param name="Code">Why, as in docs/problems.md.</param>
/// <param name="Message">Why, in words.</param>
/// <param name="Explanation">What happened and what can be done, for the screen.</param>
/// <param name="Raw">As it came. Bytes that are no text are shown as �. Null in a page that has shown 8 MiB already: ask for fewer at once.</param>
/// <param name="RawSize">Bytes it has.</param>
/// <param name="Times">How often it was sent.</param>
/// <param name="First">For a conflict: what the client_id belongs to; null where that is not the same person's.</param>
internal sealed record FaultView(
    Guid Id,
    SyncFaultKind Kind,
    Guid DeviceId,
    string DeviceKey,
    Guid UserId,
    string? UserName,
    Guid? BatchId,
    Guid? ClientId,
    string? Entity,
    string Code,
    string Message,
    string Explanation,
    string? Raw,
    int RawSize,
    DateTimeOffset ReceivedAt,
    int Times,
    SyncFaultStatus Status,
    SyncFaultResolution? Resolution,
    DateTimeOffset? ResolvedAt,
    Guid? ResolvedBy,
    string? Note,
    FirstItemView? First,
    int Version)
{
    public static FaultView Of(SyncFault fault, string deviceKey, string? userName, SyncItem? first) => new(
        fault.Id.Value,
        fault.Kind,
        fault.DeviceId.Value,
        deviceKey,
        fault.UserId.Value,
        userName,
        fault.BatchId,
        fault.ClientId,
        fault.Entity,
        fault.Code,
        fault.Message,
        fault.Explanation,
        fault.Raw.Length == 0 ? null : Encoding.UTF8.GetString(fault.Raw),
        fault.Raw.Length,
        fault.ReceivedAt,
        fault.Times,
        fault.Status,
        fault.Resolution,
        fault.ResolvedAt,
        fault.ResolvedBy?.Value,
        fault.Note,
        first is null ? null : new FirstItemView(first.Entity, first.EntityId, first.CapturedAt, first.ReceivedAt),
        fault.Version);
}

/// <param name="ServerId">What it became: for a reading GET /readings/{id}.</param>
internal sealed record FirstItemView(string Entity, Guid ServerId, DateTimeOffset CapturedAt, DateTimeOffset ReceivedAt);
