using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Meters.Import;
using MeterSync.Modules.Meters.Public;

namespace MeterSync.Modules.Meters.ImportMeters;

/// <summary>Runs an import in the background. The uploaded file goes when its outcome is known.</summary>
internal sealed class MeterImportJob(IMeterImport import) : IJobHandler
{
    public const string JobKind = "meters.import";

    public string Kind => JobKind;

    public async Task<Outcome<JobResult>> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var input = run.Input.Deserialize(MeterImportJson.Default.MeterImportInput) ?? throw new InvalidOperationException("The job has no input.");
        var outcome = await ReadAsync(run, input, cancellationToken);
        if (run.InputFile is not null)
        {
            File.Delete(run.InputFile);
        }

        return outcome.Succeeded
            ? new JobResult(MessageOf(outcome.Value), JsonSerializer.SerializeToElement(outcome.Value, MeterImportJson.Default.MeterImportResult))
            : outcome.Problem;
    }

    private async Task<Outcome<MeterImportResult>> ReadAsync(JobRun run, MeterImportInput input, CancellationToken cancellationToken)
    {
        if (run.InputFile is null || !File.Exists(run.InputFile))
        {
            // The first attempt may have ended between deleting the file and saying so; its batch knows.
            using var nothing = new MemoryStream();
            var before = await import.RunAsync(nothing, input.FileName, input.Settings, run.Id, run.Report, cancellationToken);
            return before is { Succeeded: true, Value.Applied: true } ? before : MeterProblems.ImportFileGone.Because("The uploaded file is no longer there. Upload it again.");
        }

        await using var file = new FileStream(run.InputFile, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = 0 });
        return await import.RunAsync(file, input.FileName, input.Settings, run.Id, run.Report, cancellationToken);
    }

    private static string MessageOf(MeterImportResult result) => result switch
    {
        { ProblemsTotal: > 0, Created: 0, Updated: 0, Unchanged: 0 } => $"Nothing {(result.DryRun ? "would be" : "was")} imported: {result.ProblemsTotal} problems in {result.Refused} of {result.Rows} rows.",
        { DryRun: true } => $"Would make {result.Created} meters and change {result.Updated}; {result.Unchanged} are as the file says, {result.Refused} rows would be refused.",
        _ => $"{result.Created} meters made, {result.Updated} changed, {result.Unchanged} unchanged, {result.Refused} rows refused.",
    };
}
