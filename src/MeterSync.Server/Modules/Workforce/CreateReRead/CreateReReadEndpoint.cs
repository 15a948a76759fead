using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.CreateReRead;

/// <param name="ReadingId">The doubted reading; or <paramref name="MeterId"/> for its latest.</param>
/// <param name="Reason">What is doubtful; whoever reads again sees it.</param>
/// <param name="AgentId">Who reads it; nobody in particular where left out.</param>
internal sealed record CreateReReadRequest(Guid? ReadingId, Guid? MeterId, [property: Required, PlainText(1000), MinLength(3)] string? Reason, Guid? AgentId, DateTimeOffset? DueAt);

internal sealed record ReReadRequestView(Guid Id, Guid ReadingId, Guid MeterId, string SerialNumber, string Reason, DateTimeOffset RequestedAt, AssignmentView? Assignment);

internal static class CreateReReadEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/re-reads", async (CreateReReadRequest request, CreateReReadHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToCreated(made => $"/api/v1/re-reads?meter_id={made.MeterId}"))
            .Slice<ReReadRequestView>("CreateReRead", "Ask for a meter's value again, and give that to an agent", StatusCodes.Status201Created).RequirePermission(WorkforcePermissions.WriteAssignments)
            .BodyLike("""{"meter_id":"01890000-0000-7000-8000-000000000001","reason":"Twice the use of last year","agent_id":"01890000-0000-7000-8000-000000000002"}""");
}

internal sealed class CreateReReadHandler(MeterSyncDb db, WriteTransactions transactions, IReReads reReads, WorkBook work, AssignmentViews views, CallerAccessor callers)
{
    public async Task<Outcome<ReReadRequestView>> HandleAsync(CreateReReadRequest request, CancellationToken cancellationToken)
    {
        if (request.ReadingId is null == request.MeterId is null)
        {
            return KernelProblems.Invalid.For("reading_id", "Name the reading by reading_id, or the meter by meter_id.");
        }

        return await transactions.RunAsync(token => MakeAsync(request, token), cancellationToken);
    }

    private async Task<Outcome<ReReadRequestView>> MakeAsync(CreateReReadRequest request, CancellationToken cancellationToken)
    {
        var reading = request.ReadingId is { } named ? new ReadingId(named) : await LatestAsync(new MeterId(request.MeterId!.Value), cancellationToken);
        if (reading is not { } doubted)
        {
            return await db.OfMeters(callers.Caller).AnyAsync(meter => meter.Id == new MeterId(request.MeterId!.Value), cancellationToken)
                ? WorkforceProblems.NeverRead.For("meter_id", "The meter was never read; give it to an agent instead.")
                : WorkforceProblems.MeterUnknown.For("meter_id", $"There is no meter {request.MeterId}.");
        }

        var made = await reReads.RequestAsync(doubted, request.Reason!, cancellationToken);
        if (!made.Succeeded)
        {
            return made.Problem;
        }

        AssignmentView? assignment = null;
        if (request.AgentId is { } agent)
        {
            var who = new UserId(agent);
            if (!await db.Set<Agent>().VisibleTo(callers.Caller).AnyAsync(one => one.Id == who, cancellationToken))
            {
                return WorkforceProblems.AgentNotFound.For("agent_id", $"There is no agent {agent}.");
            }

            var given = await work.GiveAsync([new NewWork(made.Value.MeterId, who) { ReReadId = made.Value.Id, DueAt = request.DueAt?.ToStored(), VisitsFrom = made.Value.RequestedAt }], cancellationToken);
            if (!given.Succeeded)
            {
                return given.Problem;
            }

            assignment = (await views.OfAsync(given.Value, cancellationToken))[0];
        }

        return new ReReadRequestView(made.Value.Id.Value, doubted.Value, made.Value.MeterId.Value, made.Value.SerialNumber, made.Value.Reason, made.Value.RequestedAt, assignment);
    }

    private async Task<ReadingId?> LatestAsync(MeterId meter, CancellationToken cancellationToken) =>
        await db.OfReadings().Where(reading => reading.MeterId == meter && (reading.State == ReadingState.Accepted || reading.State == ReadingState.Held))
            .OrderByDescending(reading => reading.ReadingAt).Select(reading => (ReadingId?)reading.Id).FirstOrDefaultAsync(cancellationToken);
}
