using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Field;

/// <param name="AssignmentId">An own one.</param>
/// <param name="Status">pending, in_progress, completed or cancelled.</param>
internal sealed record FieldStatusRequest([property: Required] Guid? AssignmentId, [property: Required, TermOf(typeof(AssignmentStatus))] string? Status, [property: PlainText(2000, AllowLines = true)] string? CompletionNotes);

/// <summary>How far agents are with their work. The table of statuses decides, not the clock; work is begun before visits end it.</summary>
internal sealed class FieldStatuses(IRequestReader reader, MeterSyncDb db, WorkBook work, ChangeLog changes, CallerAccessor callers, TimeProvider clock) : IFieldEntity
{
    private const int AtOnce = 500;
    private const int Begins = 10;

    public string Name => "assignment_status";

    public int Turn => 40;

    public Permission Permission => WorkforcePermissions.Work;

    public Outcome<FieldItem> Read(FieldMessage message)
    {
        var read = reader.Read<FieldStatusRequest>(message.Payload);
        if (!read.Succeeded)
        {
            return read.Problem;
        }

        var (request, status) = (read.Value, Terms<AssignmentStatus>.Parse(read.Value.Status!));
        return status == AssignmentStatus.Overdue
            ? KernelProblems.Invalid.For("status", "Say the status: pending, in_progress, completed or cancelled. Overdue is said by the clock.")
            : new Item(message, status, request.CompletionNotes?.Trim(), FieldPayload.HashOf($"assignment_status/1|{request.AssignmentId}|{Terms<AssignmentStatus>.WordOf(status)}|{request.CompletionNotes}"))
            {
                Assignment = new AssignmentId(request.AssignmentId!.Value),
                Turn = status == AssignmentStatus.InProgress ? Begins : null,
            };
    }

    public async Task ApplyAsync(FieldBatch batch, IReadOnlyList<FieldItem> items, CancellationToken cancellationToken)
    {
        var me = callers.Caller.UserId ?? default;
        var own = new Dictionary<AssignmentId, Assignment>();
        foreach (var part in items.Select(item => item.Assignment!.Value).Distinct().Chunk(AtOnce))
        {
            (await db.Set<Assignment>().Where(one => part.Contains(one.Id) && one.AgentId == me).ToListAsync(cancellationToken)).ForEach(one => own.Add(one.Id, one));
        }

        var now = clock.GetUtcNow().ToStored();
        var done = new List<(FieldItem Item, Assignment Assignment)>();
        foreach (var item in items.Cast<Item>())
        {
            if (!own.TryGetValue(item.Assignment!.Value, out var found))
            {
                item.Result = WorkforceProblems.AssignmentNotFound.For("assignment_id", "There is no such assignment of yours.");
            }
            else if (item.Status is AssignmentStatus.InProgress && found.Status == AssignmentStatus.Completed)
            {
                // It was begun before the visit that ended it, and is only told later.
                item.Result = new FieldApplied(found.Id.Value, found.Version, """{"superseded":true}""");
            }
            else if (work.Move(found, item.Status, item.Notes, now) is { } refusal)
            {
                item.Result = refusal;
            }
            else
            {
                done.Add((item, found));
            }
        }

        await changes.WriteAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        foreach (var (item, found) in done)
        {
            item.Result = new FieldApplied(found.Id.Value, found.Version, null);
        }
    }

    private sealed class Item(FieldMessage message, AssignmentStatus status, string? notes, byte[] hash) : FieldItem(message, hash)
    {
        public AssignmentStatus Status => status;

        public string? Notes => notes;
    }
}
