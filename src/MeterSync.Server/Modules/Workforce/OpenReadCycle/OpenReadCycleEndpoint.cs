using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Public;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using MeterSync.Store.Events;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.OpenReadCycle;

/// <param name="Assign">none (default), or spread: gives every meter that has no open work and was not read in the window yet to somebody, by load, region and distance.</param>
internal sealed record OpenReadCycleRequest([property: AllowedValues("none", "spread", null, ErrorMessage = "assign is one of: none, spread.")] string? Assign);

internal static class OpenReadCycleEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/read-cycles/{id:guid}/open", async (Guid id, OpenReadCycleRequest? request, OpenReadCycleHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new ReadCycleId(id), request?.Assign == "spread", cancellationToken)).ToAnswer(cycle => cycle.Version))
            .Slice<ReadCycleView>("OpenReadCycle", "Open a planned cycle: its meters are settled now").RequirePermission(WorkforcePermissions.WriteCycles)
            .BodyLike("""{"assign":"spread"}""");
}

internal sealed class OpenReadCycleHandler(MeterSyncDb db, WriteTransactions transactions, CycleBook book, GiveWork give, OpenCycles open, Outbox outbox, CallerAccessor callers, TimeProvider clock, ILogger<OpenReadCycleHandler> log)
{
    public async Task<Outcome<ReadCycleView>> HandleAsync(ReadCycleId id, bool spread, CancellationToken cancellationToken)
    {
        var opened = await transactions.RunAsync(token => OpenAsync(id, spread, token), cancellationToken);
        if (opened.Succeeded)
        {
            await open.RefreshAsync(cancellationToken);
        }

        return opened;
    }

    private async Task<Outcome<ReadCycleView>> OpenAsync(ReadCycleId id, bool spread, CancellationToken cancellationToken)
    {
        var found = await book.LockAsync(id, cancellationToken);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var cycle = found.Value;
        if (cycle.Status != CycleStatus.Planned)
        {
            return WorkforceProblems.CycleNotPlanned.Because($"The cycle {cycle.Name} is {Terms<CycleStatus>.WordOf(cycle.Status)} already.");
        }

        if (cycle.RegionId is null && callers.Caller.RefuseNarrowView() is { } narrow)
        {
            return narrow;
        }

        var filled = await book.FillAsync(cycle, cancellationToken);
        if (!filled.Succeeded)
        {
            return filled.Problem;
        }

        (cycle.Status, cycle.OpenedAt, cycle.OpenedBy) = (CycleStatus.Open, clock.GetUtcNow().ToStored(), callers.Caller.UserId);
        cycle.UpdatedAt = cycle.OpenedAt.Value;
        await db.SaveChangesAsync(cancellationToken);
        var assigned = 0;
        if (spread)
        {
            var free = await db.Set<CycleMeter>().Where(due => due.CycleId == id
                && !db.Set<Assignment>().Any(work => work.MeterId == due.MeterId && (work.Status == AssignmentStatus.Pending || work.Status == AssignmentStatus.InProgress || work.Status == AssignmentStatus.Overdue))
                && !db.OfReadings().Any(reading => reading.MeterId == due.MeterId && reading.ReadingAt >= cycle.WindowFrom && reading.ReadingAt < cycle.WindowTo && reading.State == ReadingState.Accepted && reading.Source != ReadingSource.Estimate))
                .Select(due => due.MeterId).ToListAsync(cancellationToken);
            var given = free.Count == 0 ? (Outcome<IReadOnlyList<Assignment>>)Array.Empty<Assignment>() : await give.SpreadInAsync(free, new WorkTerms(null, id, null, null), cancellationToken);
            if (!given.Succeeded)
            {
                return given.Problem;
            }

            assigned = given.Value.Count;
        }

        outbox.Append(WorkforceEvents.CycleOpened, new EventAbout(cycle.AuditName, id.Value) { RegionId = cycle.RegionId }, new CycleBegun(cycle.MeterCount, assigned, cycle.WindowFrom, cycle.WindowTo));
        transactions.Afterwards(() => log.LogInformation("Opened the read cycle {Cycle} with {Meters} meters, {Assigned} of them given out", id.Value, cycle.MeterCount, assigned));
        await db.SaveChangesAsync(cancellationToken);
        return ReadCycleView.Of(cycle);
    }
}
