using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;

namespace MeterSync.Modules.Workforce.CloseReadCycle;

/// <param name="Missed">What becomes of meters without a value: estimate, or leave. Must be said where there are any.</param>
internal sealed record CloseReadCycleRequest([property: AllowedValues("estimate", "leave", null, ErrorMessage = "missed is one of: estimate, leave.")] string? Missed);

internal static class CloseReadCycleEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/read-cycles/{id:guid}/close", async (Guid id, CloseReadCycleRequest? request, CloseReadCycleHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new ReadCycleId(id), request?.Missed, cancellationToken)).ToAccepted(job => $"/api/v1/read-cycles/{id}/close/{job.Id}"))
            .Slice<JobView>("CloseReadCycle", "Close a cycle: missed meters are estimated, open work ends; answers with a job", StatusCodes.Status202Accepted).RequirePermission(WorkforcePermissions.WriteCycles)
            .BodyLike("""{"missed":"estimate"}""");
}

internal sealed class CloseReadCycleHandler(CycleBook book, CycleCounts counts, IJobQueue jobs, CallerAccessor callers)
{
    public async Task<Outcome<JobView>> HandleAsync(ReadCycleId id, string? missed, CancellationToken cancellationToken)
    {
        var found = await book.FindAsync(id, cancellationToken);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var cycle = found.Value;
        if (cycle.Status != CycleStatus.Open)
        {
            return WorkforceProblems.CycleNotOpen.Because($"The cycle {cycle.Name} is {Terms<CycleStatus>.WordOf(cycle.Status)}.");
        }

        if (cycle.RegionId is null && callers.Caller.RefuseNarrowView() is { } narrow)
        {
            return narrow;
        }

        if (missed is null && await counts.CountAsync(cycle, cancellationToken) is { Missing: > 0 } count)
        {
            return WorkforceProblems.CycleHasOpenWork.For(
                "missed", $"{count.Missing} of {count.Total} meters have no value: {count.Assigned} are still to be visited, {count.Unassigned} were given to nobody, {count.Skipped} were skipped. Say missed: estimate, or missed: leave.");
        }

        var input = JsonSerializer.SerializeToElement(new CloseCycleInput(id.Value, missed == "estimate"), CloseCycleJson.Default.CloseCycleInput);
        return await jobs.EnqueueAsync(CloseCycleJob.JobKind, input, null, cancellationToken);
    }
}
