using MeterSync.Kernel;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MeterSync.Store.Blobs;

/// <summary>A file that came in a form.</summary>
/// <param name="Received">Its bytes.</param>
/// <param name="FileName">As its sender calls it; null where unsaid.</param>
internal sealed record SentFile(ReceivedBlob Received, string? FileName) : IDisposable
{
    public void Dispose() => Received.Dispose();
}

/// <summary>Takes a form with one file as it arrives: the file goes to disk, never into memory.</summary>
internal static class BlobForm
{
    private const int MostParts = 20;

    /// <summary>Null where the form has no file in its part named file, or names it otherwise than that or image.</summary>
    public static async Task<Outcome<SentFile?>> ReceiveAsync(HttpRequest request, BlobIntake intake, long mostBytes, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 100 } boundary)
        {
            return KernelProblems.UnsupportedMediaType.Because("Send the file as multipart/form-data in a part named file.");
        }

        try
        {
            return await ReadAsync(new MultipartReader(boundary, request.Body), intake, mostBytes, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException || (exception is IOException and not BadHttpRequestException && !StoreFaults.IsUnavailable(exception)))
        {
            return KernelProblems.Malformed.Because("The form could not be read to its end.");
        }
    }

    private static async Task<Outcome<SentFile?>> ReadAsync(MultipartReader parts, BlobIntake intake, long mostBytes, CancellationToken cancellationToken)
    {
        for (var count = 0; count < MostParts && await parts.ReadNextSectionAsync(cancellationToken) is { } part; count++)
        {
            if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition) || !disposition.IsFileDisposition()
                || HeaderUtilities.RemoveQuotes(disposition.Name).Value is not ("file" or "image" or "photo" or "document"))
            {
                continue;
            }

            var received = await intake.ReceiveAsync(part.Body, mostBytes, cancellationToken);
            return received is null
                ? KernelProblems.TooLarge.Because($"The file is larger than {mostBytes} bytes.")
                : new SentFile(received, HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value);
        }

        return (SentFile?)null;
    }
}
