using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MeterSync.Kernel;

namespace MeterSync.Store.Imports;

/// <summary>Runs an import in the background. The uploaded file goes when its outcome is known.</summary>
internal abstract class TableImportJob<TResult>(ITableImport<TResult> import, ImportKind kind, JsonTypeInfo<TResult> json) : IJobHandler
    where TResult : class, IImportResult
{
    public string Kind => kind.Jobs;

    public async Task<Outcome<JobResult>> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var input = run.Input.Deserialize(ImportInputJson.Default.ImportInput) ?? throw new InvalidOperationException("The job has no input.");
        var outcome = await ReadAsync(run, input, cancellationToken);
        var file = outcome is { Succeeded: true, Value.Findings: { } found } && run.InputFile is not null
            ? await ImportResultFile.WriteAsync(run, input, found, onlyRefused: outcome.Value.Applied, cancellationToken)
            : null;
        if (run.InputFile is not null)
        {
            File.Delete(run.InputFile);
        }

        return outcome.Succeeded ? new JobResult(MessageOf(outcome.Value), JsonSerializer.SerializeToElement(outcome.Value, json), file?.Name, file?.ContentType) : outcome.Problem;
    }

    /// <summary>The result in one line for people.</summary>
    protected abstract string MessageOf(TResult result);

    private async Task<Outcome<TResult>> ReadAsync(JobRun run, ImportInput input, CancellationToken cancellationToken)
    {
        if (run.InputFile is null || !File.Exists(run.InputFile))
        {
            // The first attempt may have ended between deleting the file and saying so; its batch knows.
            using var nothing = new MemoryStream();
            var before = await import.RunAsync(nothing, input.FileName, input.Settings, run.Id, run.Report, cancellationToken);
            return before is { Succeeded: true, Value.Applied: true } ? before : kind.FileGone.Because("The uploaded file is no longer there. Upload it again.");
        }

        await using var file = new FileStream(run.InputFile, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = 0 });
        return await import.RunAsync(file, input.FileName, input.Settings, run.Id, run.Report, cancellationToken);
    }
}
