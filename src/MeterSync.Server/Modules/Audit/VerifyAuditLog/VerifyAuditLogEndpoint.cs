using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Audit.Public;
using MeterSync.Store.Audit;

namespace MeterSync.Modules.Audit.VerifyAuditLog;

/// <param name="Expect">SEQ:HASH of an entry that somebody wrote down, so that a log whose end was cut off is found out; null where nobody did.</param>
internal sealed record VerifyAuditLogRequest([property: StringLength(100)] string? Expect);

internal static class VerifyAuditLogEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/audit-logs/verify", async (VerifyAuditLogRequest request, VerifyAuditLogHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToAccepted(job => $"/api/v1/audit-logs/verify/{job.Id}"))
            .Slice<JobView>("VerifyAuditLog", "Recompute the audit log's chain in the background", StatusCodes.Status202Accepted).RequirePermission(AuditPermission.Verify)
            .BodyLike("""{"expect":"1:0000000000000000000000000000000000000000000000000000000000000000"}""");
}

internal sealed class VerifyAuditLogHandler(IJobQueue jobs)
{
    public async Task<Outcome<JobView>> HandleAsync(VerifyAuditLogRequest request, CancellationToken cancellationToken) =>
        request.Expect is not null && !AuditHead.TryParse(request.Expect, out _)
            ? KernelProblems.Invalid.For("expect", "Give SEQ:HASH: the number of an entry and its hash in 64 hexadecimal digits, as the server's log and the last verification have them.")
            : await jobs.EnqueueAsync(VerifyAuditLogJob.JobKind, JsonSerializer.SerializeToElement(new VerificationInput(request.Expect), VerificationJson.Default.VerificationInput), null, cancellationToken);
}
