using System.Text.Json;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Store;
using MeterSync.Store.Audit;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Sync.Store;

/// <summary>Notes what a person decided about a fault, with an audit entry. Saved with the unit of work.</summary>
internal sealed class SettleFault(MeterSyncDb db, FaultQueries faults, CallerAccessor callers, TimeProvider clock)
{
    /// <summary>The fault, tracked and still open.</summary>
    public async Task<Outcome<SyncFault>> FindAsync(Guid id, SyncFaultKind kind, CancellationToken cancellationToken)
    {
        var found = await faults.Visible().FirstOrDefaultAsync(fault => fault.Id == new SyncFaultId(id) && fault.Kind == kind, cancellationToken);
        return found is null ? SyncProblems.FaultNotFound.Because($"There is no such {(kind == SyncFaultKind.Conflict ? "conflict" : "quarantined item")}.")
            : found.Status == SyncFaultStatus.Resolved ? SyncProblems.FaultResolved.Because($"It was {Terms<SyncFaultResolution>.WordOf(found.Resolution!.Value)} on {found.ResolvedAt:yyyy-MM-dd HH:mm} UTC.")
            : found;
    }

    /// <param name="fault">Tracked.</param>
    /// <param name="resolution">What was decided.</param>
    /// <param name="note">Why; null or blank for nothing.</param>
    /// <param name="mended">The item in whose place it came; null where it went as it came.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task ResolveAsync(SyncFault fault, SyncFaultResolution resolution, string? note, JsonElement? mended, CancellationToken cancellationToken)
    {
        (fault.Status, fault.Resolution, fault.ResolvedAt, fault.ResolvedBy, fault.Note) = (SyncFaultStatus.Resolved, resolution, clock.GetUtcNow().ToStored(), callers.Caller.UserId, string.IsNullOrWhiteSpace(note) ? null : note.Trim());
        var told = new JsonObject { ["kind"] = Terms<SyncFaultKind>.WordOf(fault.Kind), ["client_id"] = fault.ClientId?.ToString(), ["resolution"] = Terms<SyncFaultResolution>.WordOf(resolution), ["note"] = fault.Note };
        if (mended is { } item)
        {
            told["item"] = JsonNode.Parse(item.GetRawText());
        }

        db.Add(await AuditTrail.ComposeAsync(db, "sync_fault.resolved", "sync_fault", fault.Id.Value, null, told.ToJsonString(), cancellationToken));
    }
}
