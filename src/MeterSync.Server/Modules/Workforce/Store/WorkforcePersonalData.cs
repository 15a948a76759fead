using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>Where an agent was and how visits looked. What was done to which meter stays under an id that leads to no name.</summary>
internal sealed class WorkforcePersonalData(MeterSyncDb db, TimeProvider clock) : IPersonalData
{
    private const int BetweenFlushes = 500;

    public string Section => "workforce";

    public async Task WriteAsync(Utf8JsonWriter json, UserId person, CancellationToken cancellationToken)
    {
        json.WriteStartObject();
        if (await db.Set<Agent>().AsNoTracking().FirstOrDefaultAsync(agent => agent.Id == person, cancellationToken) is { PositionAt: { } at, Latitude: { } latitude, Longitude: { } longitude })
        {
            json.WriteStartObject("last_position");
            json.WriteString("at", at);
            json.WriteNumber("latitude", latitude);
            json.WriteNumber("longitude", longitude);
            json.WriteEndObject();
        }

        json.WriteStartArray("positions");
        var written = 0;
        await foreach (var point in db.Set<AgentPosition>().AsNoTracking().Where(point => point.AgentId == person).OrderBy(point => point.At).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            json.WriteStartObject();
            json.WriteString("at", point.At);
            json.WriteNumber("latitude", point.Latitude);
            json.WriteNumber("longitude", point.Longitude);
            json.WriteEndObject();
            if (++written % BetweenFlushes == 0)
            {
                await json.FlushAsync(cancellationToken);
            }
        }

        json.WriteEndArray();
        json.WriteNumber("assignments", await db.Set<Assignment>().CountAsync(work => work.AgentId == person, cancellationToken));
        json.WriteNumber("skips", await db.Set<Skip>().CountAsync(skip => skip.AgentId == person, cancellationToken));
        json.WriteNumber("approval_requests", await db.Set<ApprovalRequest>().CountAsync(request => request.AgentId == person, cancellationToken));
        json.WriteEndObject();
    }

    public async Task EraseAsync(UserId person, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        await db.Set<AgentPosition>().Where(point => point.AgentId == person).ExecuteDeleteAsync(cancellationToken);
        await db.Set<Visit>().Where(visit => visit.AgentId == person).ExecuteDeleteAsync(cancellationToken);
        await db.Set<Skip>().Where(skip => skip.AgentId == person).ExecuteUpdateAsync(
            set => set.SetProperty(skip => skip.Latitude, (double?)null).SetProperty(skip => skip.Longitude, (double?)null).SetProperty(skip => skip.AccuracyMetres, (double?)null), cancellationToken);
        await db.Set<Agent>().Where(agent => agent.Id == person).ExecuteUpdateAsync(
            set => set.SetProperty(agent => agent.Latitude, (double?)null).SetProperty(agent => agent.Longitude, (double?)null).SetProperty(agent => agent.AccuracyMetres, (double?)null)
                .SetProperty(agent => agent.PositionAt, (DateTimeOffset?)null).SetProperty(agent => agent.AvatarUrl, (string?)null).SetProperty(agent => agent.RetiredAt, agent => agent.RetiredAt ?? now),
            cancellationToken);
    }
}
