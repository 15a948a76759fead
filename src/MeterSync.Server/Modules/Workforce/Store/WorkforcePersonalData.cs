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

        await WriteAllAsync(json, "positions", db.Set<AgentPosition>().AsNoTracking().Where(point => point.AgentId == person).OrderBy(point => point.At), Write, cancellationToken);
        await WriteAllAsync(json, "visits", db.Set<Visit>().AsNoTracking().Where(visit => visit.AgentId == person).OrderBy(visit => visit.At), Write, cancellationToken);
        await WriteAllAsync(
            json, "skip_positions", db.Set<Skip>().AsNoTracking().Where(skip => skip.AgentId == person && skip.Latitude != null && skip.Longitude != null).OrderBy(skip => skip.SkippedAt), Write, cancellationToken);
        json.WriteNumber("assignments", await db.Set<Assignment>().CountAsync(work => work.AgentId == person, cancellationToken));
        json.WriteNumber("skips", await db.Set<Skip>().CountAsync(skip => skip.AgentId == person, cancellationToken));
        json.WriteNumber("approval_requests", await db.Set<ApprovalRequest>().CountAsync(request => request.AgentId == person, cancellationToken));
        json.WriteEndObject();
    }

    private static async Task WriteAllAsync<T>(Utf8JsonWriter json, string name, IQueryable<T> rows, Action<Utf8JsonWriter, T> write, CancellationToken cancellationToken)
    {
        json.WriteStartArray(name);
        var written = 0;
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            json.WriteStartObject();
            write(json, row);
            json.WriteEndObject();
            if (++written % BetweenFlushes == 0)
            {
                await json.FlushAsync(cancellationToken);
            }
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, AgentPosition point)
    {
        json.WriteString("at", point.At);
        json.WriteNumber("latitude", point.Latitude);
        json.WriteNumber("longitude", point.Longitude);
    }

    private static void Write(Utf8JsonWriter json, Skip skip)
    {
        json.WriteString("at", skip.SkippedAt);
        json.WriteNumber("latitude", skip.Latitude!.Value);
        json.WriteNumber("longitude", skip.Longitude!.Value);
    }

    private static void Write(Utf8JsonWriter json, Visit visit)
    {
        json.WriteString("at", visit.At);
        json.WriteString("reading_id", visit.ReadingId.Value);
        json.WriteNumber("score", visit.Score);
        json.WritePropertyName("reasons");
        json.WriteRawValue(visit.Reasons);
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
