using System.Text.Json;
using System.Text.Json.Serialization;
using MeterSync.Kernel;
using MeterSync.Modules.Audit.Store;
using MeterSync.Store.Audit;

namespace MeterSync.Modules.Audit.VerifyAuditLog;

/// <param name="Expect">SEQ:HASH or null.</param>
internal sealed record VerificationInput(string? Expect);

/// <summary>What a verification found.</summary>
/// <param name="Unbroken">Every entry is as it was sealed.</param>
/// <param name="Entries">Found unbroken, from the first on.</param>
/// <param name="Head">SEQ:HASH of the last of them: worth writing down.</param>
/// <param name="Broken">The first thing that is wrong.</param>
internal sealed record VerificationResult(bool Unbroken, long Entries, string Head, BrokenEntry? Broken);

/// <param name="Id">Null where the entry is not there.</param>
/// <param name="Fault">content_changed, hash_changed, content_or_hash_changed, missing, out_of_place, key_unreadable, end_missing or not_as_expected.</param>
internal sealed record BrokenEntry(long Seq, Guid? Id, string Fault, string Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(VerificationInput))]
[JsonSerializable(typeof(VerificationResult))]
internal sealed partial class VerificationJson : JsonSerializerContext;

/// <summary>Seals what waits, then recomputes the chain. A broken chain is a result, not a failure of the job.</summary>
internal sealed class VerifyAuditLogJob(AuditSealer sealer, AuditVerifier verifier, AuditAnchor anchor) : IJobHandler
{
    public const string JobKind = Verifications.JobKind;

    public string Kind => JobKind;

    public async Task<Outcome<JobResult>> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var input = run.Input.Deserialize(VerificationJson.Default.VerificationInput)!;
        run.Report(0, "Sealing new entries");
        try
        {
            await sealer.SealAsync(wait: true, cancellationToken);
        }
        catch (AuditKeyException unsealed)
        {
            return AuditProblems.CannotSeal.Because(unsealed.Message);
        }

        var verdict = await verifier.VerifyAsync(AuditHead.TryParse(input.Expect, out var expected) ? expected : anchor.Read(), (done, of) => run.Report(Math.Min(99, 100.0 * done / Math.Max(1, of)), $"{done} of {of} entries"), cancellationToken);
        var broken = verdict.Broken is { } found ? new BrokenEntry(found.Seq, found.Id, SnakeCase.Of(found.Fault.ToString()), found.Message) : null;
        var result = new VerificationResult(broken is null, verdict.Entries, verdict.Head.ToString(), broken);
        return new JobResult(broken?.Message ?? $"{verdict.Entries} entries, unbroken, head {verdict.Head}", JsonSerializer.SerializeToElement(result, VerificationJson.Default.VerificationResult));
    }
}
