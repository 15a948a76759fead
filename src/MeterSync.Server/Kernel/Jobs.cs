using System.Text.Json;

namespace MeterSync.Kernel;

/// <summary>Where a background job stands.</summary>
public enum JobStatus
{
    Queued,
    Running,
    Completed,
    Failed,
    Cancelled,
}

/// <summary>Runs one kind of background job. A job may run again after a crash: its effect must be idempotent by job id.</summary>
public interface IJobHandler
{
    /// <summary>For example <c>meters.import</c>; stored with the job.</summary>
    string Kind { get; }

    Task<Outcome<JobResult>> RunAsync(JobRun run, CancellationToken cancellationToken);
}

/// <summary>One attempt at a job.</summary>
/// <param name="Id">The job.</param>
/// <param name="Input">What the request asked for, as stored.</param>
/// <param name="InputFile">Path of the uploaded file, or null.</param>
/// <param name="OutputFile">Path the job may write its file to; it is offered for download when the job completes and the file exists.</param>
/// <param name="Report">Percent done (0-100) and a line for people. Cheap to call often; stored at most twice a second.</param>
public sealed record JobRun(JobId Id, JsonElement Input, string? InputFile, string OutputFile, Action<double, string> Report);

/// <summary>What a finished job has to say.</summary>
/// <param name="Message">One line for people.</param>
/// <param name="Result">Machine-readable result, shown as <c>result</c>.</param>
/// <param name="FileName">Name to offer the output file under; null where there is none.</param>
/// <param name="ContentType">Of the output file.</param>
public sealed record JobResult(string Message, JsonElement? Result, string? FileName = null, string? ContentType = null);

/// <summary>A job as the API shows it.</summary>
/// <param name="Progress">0-100.</param>
/// <param name="DownloadUrl">Set once a file is ready.</param>
public sealed record JobView(
    Guid Id,
    string Kind,
    JobStatus Status,
    double Progress,
    string? Message,
    JsonElement? Result,
    string? DownloadUrl,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt,
    string CreatedBy);

/// <summary>Takes jobs from requests. <see cref="EnqueueAsync"/> joins the caller's unit of work: the job exists once that is saved.</summary>
public interface IJobQueue
{
    /// <param name="kind">An <see cref="IJobHandler.Kind"/>.</param>
    /// <param name="input">Stored with the job; keep it small.</param>
    /// <param name="inputFile">Already written file the job will read; it belongs to the job from here on.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<JobView> EnqueueAsync(string kind, JsonElement input, string? inputFile, CancellationToken cancellationToken);

    /// <summary>Null where there is no such job of these kinds, or it is not the caller's to see.</summary>
    Task<JobView?> FindAsync(JobId id, IReadOnlyCollection<string> kinds, CancellationToken cancellationToken);

    /// <summary>Newest first, the caller's own or all by the caller's scope.</summary>
    Task<Page<JobView>> ListAsync(IReadOnlyCollection<string> kinds, int page, int limit, CancellationToken cancellationToken);

    /// <summary>Path, offered name and content type of a completed job's file, or null.</summary>
    Task<(string Path, string FileName, string ContentType)?> FindFileAsync(JobId id, IReadOnlyCollection<string> kinds, CancellationToken cancellationToken);
}
