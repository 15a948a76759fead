using System.Text.Json;
using System.Text.Json.Serialization;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Modules.Sync.Pushing;
using MeterSync.Modules.Sync.Store;
using MeterSync.Modules.Workforce.Public;
using MeterSync.Store;
using MeterSync.Store.Imports;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Sync.FieldExport;

/// <param name="Lines">Behind the head.</param>
/// <param name="Photos">That are here now, be it from before.</param>
/// <param name="RefusedPhotos">The first hundred.</param>
internal sealed record FieldExportResult(Guid UserId, string DeviceId, int Lines, int Applied, int Duplicate, int Conflict, int Rejected, int Photos, IReadOnlyList<RefusedPhoto> RefusedPhotos);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FieldExportResult))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(PhoneClock))]
internal sealed partial class FieldExportJson : JsonSerializerContext;

/// <summary>Applies a phone's export as if the phone had pushed it, in the name of whoever owned it. Running again changes nothing: every item has its client id.</summary>
internal sealed class FieldExportJob(MeterSyncDb db, ReadBatch reading, ApplyBatch applying, FieldDevices devices, FieldExportPhotos photos, IRequestReader reader, PermissionCatalog catalog, IPersonNames names, CallerAccessor callers, TimeProvider clock) : IJobHandler
{
    public const string Name = "sync.import";

    private const int AtOnce = 500;
    private const int BytesAtOnce = 5 * 1024 * 1024;
    private const int ShownRefusals = 100;

    public static readonly ImportKind Files = new()
    {
        Batches = Name,
        Jobs = Name,
        MaximumMegabytes = 512,
        FileName = "phone.ndjson",
        FileMissing = SyncProblems.ExportUnreadable,
        FileGone = SyncProblems.ExportUnreadable,
        NotFound = SyncProblems.ImportNotFound,
        NoResultFile = SyncProblems.ImportNotFound,
        Undone = SyncProblems.ImportNotFound,
    };

    public string Kind => Name;

    public async Task<Outcome<JobResult>> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        if (run.InputFile is not { } path || !File.Exists(path))
        {
            return SyncProblems.ExportUnreadable.Because("The file is not there any more. Send it again.");
        }

        var outcome = await ReadAsync(path, run, cancellationToken);
        File.Delete(path);
        return outcome;
    }

    private async Task<Outcome<JobResult>> ReadAsync(string path, JobRun run, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        using var lines = FieldExportFile.Lines(file, photos.LongestLine).GetEnumerator();
        if (!lines.MoveNext() || lines.Current is not { } first)
        {
            return SyncProblems.ExportUnreadable.Because("The file is empty, or its first line is longer than any that a phone writes.");
        }

        var head = FieldExportFile.ReadHead(first, reader);
        if (!head.Succeeded)
        {
            return head.Problem;
        }

        var asking = callers.Caller;
        var owner = await OwnerAsync(new UserId(head.Value.UserId!.Value), asking, cancellationToken);
        if (owner is null)
        {
            return SyncProblems.ExportOwner.Because($"There is no user {head.Value.UserId} among those you see: the export comes from another installation, or from an agent of another region.");
        }

        callers.Caller = owner;
        try
        {
            return await ApplyAsync(head.Value, lines, run, file, cancellationToken);
        }
        finally
        {
            callers.Caller = asking;
        }
    }

    private async Task<Outcome<JobResult>> ApplyAsync(FieldExportHeadRequest head, IEnumerator<ReadOnlyMemory<byte>?> lines, JobRun run, FileStream file, CancellationToken cancellationToken)
    {
        var device = await DeviceAsync(head, cancellationToken);
        var answers = new Dictionary<PushStatus, int>();
        var (count, taken, bytes, refused) = (0, 0, 0L, new List<RefusedPhoto>());
        var part = new List<ReadOnlyMemory<byte>>(AtOnce);
        for (var more = lines.MoveNext(); more || part.Count > 0;)
        {
            if (more)
            {
                count++;
                if (lines.Current is not { } line)
                {
                    refused.Add(new RefusedPhoto(count + 1, SyncProblems.ItemMalformed.Code, $"The line is longer than {photos.LongestLine / 1024 / 1024} MiB: no item and no photo that is taken has so much."));
                }
                else if (!FieldExportPhotos.IsPhoto(line.Span))
                {
                    part.Add(line);
                    bytes += line.Length;
                }
                else if (await photos.TakeAsync(line, cancellationToken) is { } problem)
                {
                    refused.Add(new RefusedPhoto(count + 1, problem.Code.Code, problem.Message));
                }
                else
                {
                    taken++;
                }

                more = lines.MoveNext();
            }

            if (part.Count == 0 || (more && part.Count < AtOnce && bytes < BytesAtOnce))
            {
                Report();
                continue;
            }

            var read = reading.ReadItemLines(part, head.DeviceId!, clock.GetUtcNow().ToStored());
            var outcome = read.Succeeded ? await applying.RunAsync(read.Value with { OnBehalfOf = device }, cancellationToken) : read.Problem;
            if (!outcome.Succeeded)
            {
                return outcome.Problem;
            }

            foreach (var item in outcome.Value.Items)
            {
                answers[item.Status!.Value] = answers.GetValueOrDefault(item.Status.Value) + 1;
            }

            part.Clear();
            bytes = 0;
            Report();
        }

        int Of(PushStatus status) => answers.GetValueOrDefault(status);
        var result = new FieldExportResult(
            head.UserId!.Value, head.DeviceId!, count, Of(PushStatus.Applied), Of(PushStatus.Duplicate), Of(PushStatus.Conflict), Of(PushStatus.Rejected), taken, [.. refused.Take(ShownRefusals)]);
        return new JobResult(
            $"{result.Applied} items applied, {result.Duplicate} were there already, {result.Conflict} are in conflict and {result.Rejected} were refused; those are kept for a person to see. {taken} photos are here, {refused.Count} were refused.",
            JsonSerializer.SerializeToElement(result, FieldExportJson.Default.FieldExportResult));

        void Report() => run.Report(file.Length == 0 ? 0 : Math.Min(99, 100.0 * file.Position / file.Length), $"{count} lines");
    }

    /// <summary>Whoever brings the file may name nobody they do not see, and what it holds counts as an agent's, whatever its owner may do besides: the file is the importer's word. Who left in the meantime did the work all the same.</summary>
    private async Task<Caller?> OwnerAsync(UserId user, Caller asking, CancellationToken cancellationToken) =>
        asking.RegionsOnly is not null && !await db.OfAgents(asking).ContainsAsync(user, cancellationToken) ? null
        : (await names.FindAsync([user], cancellationToken)).GetValueOrDefault(user) is { } name
            ? new Caller(user, name, BuiltInRole.Agent, DataScope.Own, catalog.Of(BuiltInRole.Agent)) { IpAddress = asking.IpAddress, UserAgent = asking.UserAgent }
            : null;

    /// <summary>Also one that was revoked: what it held is the office's to bring in.</summary>
    private async Task<FieldDeviceId> DeviceAsync(FieldExportHeadRequest head, CancellationToken cancellationToken) =>
        (await devices.KnownAsync(callers.Caller.UserId!.Value, new DeviceContact(head.DeviceId!) { Name = head.DeviceName }, cancellationToken)).Id;
}
