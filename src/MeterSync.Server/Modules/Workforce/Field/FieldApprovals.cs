using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;

namespace MeterSync.Modules.Workforce.Field;

/// <summary>Changes of meter data that agents propose, and held readings they put forward, as <c>POST /approvals</c> takes them.</summary>
internal sealed class FieldApprovals(IRequestReader reader, MeterSyncDb db, WriteTransactions transactions, NewApprovals approvals, CallerAccessor callers) : IFieldEntity
{
    public string Name => "approval";

    public int Turn => 50;

    public Permission Permission => WorkforcePermissions.CreateApprovals;

    public Outcome<FieldItem> Read(FieldMessage message)
    {
        if (message.RefuseUpdate(Name) is { } update)
        {
            return update;
        }

        var read = reader.Read<CreateApprovalRequest>(message.Payload);
        return !read.Succeeded ? read.Problem
            : ApprovalContent.FaultOf(read.Value, callers.Caller) is { } fault ? fault
            : new Item(message, read.Value with { ClientId = message.ClientId });
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

        var asked = await approvals.AskAsync([.. fresh.Select(item => item.Request)], cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        foreach (var (item, outcome) in fresh.Zip(asked))
        {
            if (!outcome.Succeeded)
            {
                item.Result = outcome.Problem;
                continue;
            }

            var made = outcome.Value;
            item.Result = new FieldApplied(made.Id.Value, made.Version, null);
            transactions.Afterwards(() => WorkforceMetrics.Approval(made.Kind, "requested"));
        }
    }

    private sealed class Item(FieldMessage message, CreateApprovalRequest request) : FieldItem(message, ApprovalContent.HashOf(request))
    {
        public CreateApprovalRequest Request => request;
    }
}

internal static class SentApprovals
{
    /// <summary>Its client_id is known: the same request, or another.</summary>
    public static Outcome<FieldApplied> Again(this NewApprovals approvals, ApprovalRequest before, FieldItem item) =>
        approvals.IsSame(before, item.ContentHash) ? new FieldApplied(before.Id.Value, before.Version, null, AlreadyThere: true) : ApprovalContent.OtherContent(item.Message.ClientId);
}
