using MeterSync.Kernel;
using Microsoft.Net.Http.Headers;

namespace MeterSync.Store.Imports;

/// <summary>A file that an import offers.</summary>
/// <param name="Job">The import.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Name">What to offer it as.</param>
/// <param name="ContentType">What it is.</param>
internal sealed record ImportFile(JobId Job, string Path, string Name, string ContentType)
{
    public IResult ToResult() =>
        Results.File(Path, ContentType, Name, File.GetLastWriteTimeUtc(Path), new EntityTagHeaderValue($"\"{Job.Value:n}\""), enableRangeProcessing: true);
}
