using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Readings.Import;
using MeterSync.Modules.Readings.Public;

namespace MeterSync.Modules.Readings.ImportReadings;

/// <summary>Runs an import in the background. The uploaded file goes when its outcome is known.</summary>
internal sealed class ReadingImportJob(IReadingImport import) : IJobHandler
{
    public const string JobKind = "readings.import";

    public string Kind => JobKind;

    public async Task<Outcome<JobResult>> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var input = run.Input.Deserialize(ReadingImportJson.Default.ReadingImportInput) ?? throw new InvalidOperationException("The job has no input.");
        var outcome = await ReadAsync(run, input, cancellationToken);
        if (run.InputFile is not null)
        {
            File.Delete(run.InputFile);
        }

        return outcome.Succeeded
            ? new JobResult(MessageOf(outcome.Value), JsonSerializer.SerializeToElement(outcome.Value, ReadingImportJson.Default.ReadingImportResult))
            : outcome.Problem;
    }

    private async Task<Outcome<ReadingImportResult>> ReadAsync(JobRun run, ReadingImportInput input, CancellationToken cancellationToken)
    {
        if (run.InputFile is null || !File.Exists(run.InputFile))
        {
            // The first attempt may have ended between deleting the file and saying so; its batch knows.
            using var nothing = new MemoryStream();
            var before = await import.RunAsync(nothing, input.FileName, input.Settings, run.Id, run.Report, cancellationToken);
            return before is { Succeeded: true, Value.Applied: true } ? before : ReadingProblems.ImportFileMissing.Because("The uploaded file is no longer there. Upload it again.");
        }

        await using var file = new FileStream(run.InputFile, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = 0 });
        return await import.RunAsync(file, input.FileName, input.Settings, run.Id, run.Report, cancellationToken);
    }

    private static string MessageOf(ReadingImportResult result) => result switch
    {
        { DryRun: false, Applied: false } => $"Nothing was imported: {result.ProblemsTotal} problems in {result.Refused} of {result.Rows} rows.",
        { DryRun: true, Created: 0, Unchanged: 0, ProblemsTotal: > 0 } => $"Nothing would be imported: {result.ProblemsTotal} problems in {result.Refused} of {result.Rows} rows.",
        { DryRun: true } => $"Would import {result.Created} values, {result.Held} of them held; {result.Unchanged} are there already, {result.Refused} rows would be refused.",
        _ => $"{result.Created} values imported, {result.Held} of them held; {result.Unchanged} were there already, {result.Refused} rows refused.",
    };
}
