using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using MeterSync.Store.Audit;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Field;

/// <summary>Whether the agent can take work, as <c>PUT /agents/me/status</c> takes it: the last one by the time of capture holds, and what lost stays in the audit log.</summary>
internal sealed class FieldAgentStatus(IRequestReader reader, MeterSyncDb db, CallerAccessor callers, TimeProvider clock) : IFieldEntity
{
    public string Name => "agent_status";

    public int Turn => 60;

    public Permission Permission => WorkforcePermissions.Report;

    public Outcome<FieldItem> Read(FieldMessage message)
    {
        var read = reader.Read<SetMyStatusRequest>(message.Payload);
        return !read.Succeeded ? read.Problem
            : !Terms<AgentStatus>.TryParse(read.Value.Status, out var status) ? KernelProblems.Invalid.For("status", $"Say the status: {string.Join(", ", Terms<AgentStatus>.All)}.")
            : new Item(message, status);
    }

    public async Task ApplyAsync(FieldBatch batch, IReadOnlyList<FieldItem> items, CancellationToken cancellationToken)
    {
        var me = callers.Caller.UserId ?? default;
        if (!db.IsSqlite)
        {
            await db.Database.ExecuteSqlAsync($"select 1 from agents where id = {me.Value} for no key update", cancellationToken);
        }

        if (await db.Set<Agent>().FirstOrDefaultAsync(one => one.Id == me && one.RetiredAt == null, cancellationToken) is not { } agent)
        {
            foreach (var item in items)
            {
                item.Result = WorkforceProblems.NotAnAgent.Because("You are not an agent here. Ask a supervisor to make you one.");
            }

            return;
        }

        var said = items.Cast<Item>().OrderBy(item => item.Said, Comparer<LastWrite>.Create(LastWrite.Compare)).ToList();
        var last = said[^1];
        var holds = agent.StatusAt is not { } at || last.Said.IsAfter(new LastWrite(at, agent.StatusClientId));
        foreach (var lost in holds ? said.SkipLast(1) : said.Where(item => item.Message.ClientId != agent.StatusClientId))
        {
            var told = new JsonObject { ["status"] = Terms<AgentStatus>.WordOf(lost.Status), ["status_at"] = lost.Said.At.ToString("O"), ["status_client_id"] = lost.Message.ClientId };
            db.Add(await AuditTrail.ComposeAsync(db, "status_superseded", agent.AuditName, agent.AuditId, null, told.ToJsonString(), cancellationToken));
        }

        if (holds)
        {
            (agent.Status, agent.StatusAt, agent.StatusClientId, agent.UpdatedAt) = (last.Status, last.Said.At, last.Message.ClientId, clock.GetUtcNow().ToStored());
        }

        await db.SaveChangesAsync(cancellationToken);
        foreach (var item in said)
        {
            item.Result = new FieldApplied(me.Value, agent.Version, item.Message.ClientId == agent.StatusClientId ? null : """{"superseded":true}""");
        }
    }

    private sealed class Item(FieldMessage message, AgentStatus status) : FieldItem(message, FieldPayload.HashOf($"agent_status/1|{Terms<AgentStatus>.WordOf(status)}"))
    {
        public AgentStatus Status => status;

        public LastWrite Said => new(Message.CapturedAt.ToStored(), Message.ClientId);
    }
}
