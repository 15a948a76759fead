using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Domain;
using Microsoft.AspNetCore.Mvc;

namespace MeterSync.Modules.Workforce.ListCycleMeters;

internal sealed record ListCycleMetersRequest : IPageRequest
{
    public const string Missing = "missing";

    /// <summary>An outcome as the progress counts it, or <c>missing</c> for all without any value: skipped, assigned and unassigned.</summary>
    [AllowedValues("read", "held", "estimated", "skipped", "assigned", "unassigned", Missing, null, ErrorMessage = "The outcome is one of: read, held, estimated, skipped, assigned, unassigned, missing.")]
    public string? Outcome { get; init; }

    /// <summary>Only meters that this agent has to do.</summary>
    [FromQuery(Name = "agent_id")]
    public Guid? AgentId { get; init; }

    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }
}

/// <param name="Outcome">As the progress of the cycle counts it.</param>
/// <param name="AgentId">Who has it to do; null for nobody.</param>
/// <param name="AssignmentStatus">pending, in_progress or overdue; null where nobody has it to do.</param>
/// <param name="LastSkip">Code of the last visit without a value in the cycle; a value may have come later.</param>
internal sealed record CycleMeterView(
    Guid MeterId,
    string SerialNumber,
    string? Address,
    Guid? RegionId,
    CycleOutcome Outcome,
    Guid? AgentId,
    string? AgentName,
    Guid? AssignmentId,
    AssignmentStatus? AssignmentStatus,
    SkipCode? LastSkip,
    DateTimeOffset? SkippedAt);

internal static class ListCycleMetersEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/read-cycles/{id:guid}/meters", async (Guid id, [AsParameters] ListCycleMetersRequest request, ListCycleMetersHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new ReadCycleId(id), request, cancellationToken)).ToAnswer())
            .Slice<Page<CycleMeterView>>("ListCycleMeters", "The meters of a cycle, where each stands and who has it to do, by serial number").RequirePermission(WorkforcePermissions.ReadCycles);
}
