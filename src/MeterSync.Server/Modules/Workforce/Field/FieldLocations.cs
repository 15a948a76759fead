using System.Globalization;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Positions;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Field;

/// <summary>Where the agent was, as <c>PUT /agents/me/location</c> takes it. Stored with the batch; a phone that was offline fills its track, also where a later position is known.</summary>
internal sealed class FieldLocations(IRequestReader reader, MeterSyncDb db, WriteTransactions transactions, StoredPositions positions, PositionRules rules, CallerAccessor callers) : IFieldEntity
{
    public string Name => "location";

    public int Turn => 60;

    public Permission Permission => WorkforcePermissions.Report;

    public Outcome<FieldItem> Read(FieldMessage message)
    {
        if (message.RefuseUpdate(Name) is { } update)
        {
            return update;
        }

        var read = reader.Read<SetMyLocationRequest>(message.Payload);
        if (!read.Succeeded)
        {
            return read.Problem;
        }

        if (read.Value.PlaceSaid() is not { } place)
        {
            return KernelProblems.Invalid.For("latitude", "A position has both latitude and longitude.");
        }

        var (timestamp, accuracy) = (read.Value.Timestamp, read.Value.AccuracySaid());
        var reported = new ReportedPosition(message.Repaired(timestamp), place, accuracy);
        return PositionRules.RefuseFuture(reported, message.ReceivedAt) is { } future
            ? future
            : new Item(message, reported, FieldPayload.HashOf(string.Create(CultureInfo.InvariantCulture, $"location/1|{place.Latitude:R}|{place.Longitude:R}|{accuracy:R}|{timestamp?.ToUnixMicroseconds()}")));
    }

    public async Task ApplyAsync(FieldBatch batch, IReadOnlyList<FieldItem> items, CancellationToken cancellationToken)
    {
        var me = callers.Caller.UserId ?? default;
        if (await db.Set<Agent>().AsNoTracking().FirstOrDefaultAsync(agent => agent.Id == me && agent.RetiredAt == null, cancellationToken) is not { } agent)
        {
            foreach (var item in items)
            {
                item.Result = WorkforceProblems.NotAnAgent.Because("You are not an agent here. Ask a supervisor to make you one.");
            }

            return;
        }

        var inOrder = items.Cast<Item>().OrderBy(item => item.Reported.At).ToList();
        var walk = await WalkBeforeAsync(agent, inOrder[0].Reported.At, cancellationToken);
        var track = new List<ReportedPosition>();
        var moved = false;
        foreach (var item in inOrder)
        {
            var outcome = Judge(walk, item, out var fate);
            transactions.Afterwards(() => WorkforceMetrics.Position(outcome));
            moved |= fate is PositionFate.Kept or PositionFate.Thinned;
            if (fate == PositionFate.Kept)
            {
                track.Add(item.Reported);
            }

            item.Result ??= new FieldApplied(me.Value, null, null);
        }

        if (moved)
        {
            await positions.SaveAsync([(me, walk.Last!, track)], cancellationToken);
        }
    }

    /// <returns>What is counted.</returns>
    private string Judge(Walk walk, Item item, out PositionFate? fate)
    {
        fate = null;
        if (!rules.AreHours(item.Reported))
        {
            return "outside_hours";
        }

        if (item.Reported.At < rules.KeptSince(item.Message.ReceivedAt))
        {
            return "late";
        }

        var judged = rules.Judge(walk, item.Reported);
        if (!judged.Succeeded)
        {
            item.Result = judged.Problem;
            return "refused";
        }

        fate = judged.Value;
        return judged.Value switch { PositionFate.Kept => "kept", PositionFate.Thinned => "thinned", _ => "late" };
    }

    /// <summary>How far the agent was when the first of the positions was taken.</summary>
    private async Task<Walk> WalkBeforeAsync(Agent agent, DateTimeOffset first, CancellationToken cancellationToken)
    {
        var point = await db.Set<AgentPosition>().AsNoTracking().Where(one => one.AgentId == agent.Id && one.At < first).OrderByDescending(one => one.At).FirstOrDefaultAsync(cancellationToken);
        var kept = point is null ? null : new ReportedPosition(point.At, new Position(point.Latitude, point.Longitude), point.AccuracyMetres);
        return new Walk { Kept = kept, Last = ReportedPosition.Of(agent) is { } last && last.At < first && (kept is null || last.At > kept.At) ? last : kept };
    }

    private sealed class Item(FieldMessage message, ReportedPosition reported, byte[] hash) : FieldItem(message, hash)
    {
        public ReportedPosition Reported => reported;
    }
}
