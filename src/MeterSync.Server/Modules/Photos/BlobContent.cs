using MeterSync.Store.Blobs;
using Microsoft.Net.Http.Headers;

namespace MeterSync.Modules.Photos;

/// <summary>Bytes on their way out.</summary>
/// <param name="Stream">Seekable; disposed with the answer.</param>
internal sealed record BlobContent(Stream Stream, string ContentType, string FileName, BlobHash Hash)
{
    /// <param name="http">Gets the headers.</param>
    /// <param name="isDownload">Browsers are to save it and not to show it.</param>
    public IResult ToResult(HttpContext http, bool isDownload)
    {
        // What is resumed by byte must be the same bytes each time, so it is never compressed on the way.
        http.Request.Headers.AcceptEncoding = default;
        var headers = http.Response.Headers;
        var disposition = new ContentDispositionHeaderValue(isDownload ? "attachment" : "inline");
        disposition.SetHttpFileName(FileName);
        headers.ContentDisposition = disposition.ToString();
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers.CacheControl = "private, max-age=3600";
        return Results.Stream(Stream, ContentType, entityTag: new EntityTagHeaderValue($"\"{Hash.Hex}\""), enableRangeProcessing: true);
    }
}
