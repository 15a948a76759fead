using System.Text.Json;

namespace MeterSync.Modules.Reports;

/// <summary>An export as the API shows it: a job, and what became of its file.</summary>
/// <param name="Status">queued, running, completed, failed, cancelled or expired.</param>
/// <param name="Progress">0-100.</param>
/// <param name="Result">Type, rows and bytes of the file once it is ready; the error of a failed export.</param>
/// <param name="DownloadUrl">Set while the file can be fetched.</param>
/// <param name="ExpiresAt">When the file is deleted; null until it is ready.</param>
internal sealed record ExportView(
    Guid Id,
    string Kind,
    string Status,
    double Progress,
    string? Message,
    JsonElement? Result,
    string? FileName,
    string? DownloadUrl,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt,
    DateTimeOffset? ExpiresAt,
    string CreatedBy);
