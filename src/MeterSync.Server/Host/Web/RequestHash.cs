using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MeterSync.Host.Web;

/// <summary>What makes two requests the same: method, path, query and content. A form is its parts, in their order:
/// senders draw the boundary between them anew each time.</summary>
internal static class RequestHash
{
    private const int BufferedBytes = 256 * 1024;

    /// <summary>SHA-256. The body can be read again afterwards.</summary>
    public static async Task<byte[]> OfAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        request.EnableBuffering(BufferedBytes);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (BoundaryOf(request) is not { } boundary || !await TryAppendPartsAsync(hash, request, boundary, cancellationToken))
        {
            Begin(hash, request);
            await AppendAsync(hash, request.Body, cancellationToken);
        }

        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }

    private static string? BoundaryOf(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 } boundary ? boundary : null;

    private static void Begin(IncrementalHash hash, HttpRequest request)
    {
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        request.Body.Position = 0;
    }

    /// <summary>False where the body is no whole form; the hash is empty again then.</summary>
    private static async Task<bool> TryAppendPartsAsync(IncrementalHash hash, HttpRequest request, string boundary, CancellationToken cancellationToken)
    {
        Begin(hash, request);
        try
        {
            var parts = new MultipartReader(boundary, request.Body);
            while (await parts.ReadNextSectionAsync(cancellationToken) is { } part)
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"{part.ContentDisposition}\n{part.ContentType}\n"));
                var bytes = await AppendAsync(hash, part.Body, cancellationToken);
                hash.AppendData(Encoding.UTF8.GetBytes($"\n{bytes}\n"));
            }

            return true;
        }
        catch (Exception exception) when (exception is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            hash.GetHashAndReset();
            return false;
        }
    }

    /// <summary>Returns how many bytes there were.</summary>
    private static async Task<long> AppendAsync(IncrementalHash hash, Stream content, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        long total = 0;
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            total += read;
        }

        return total;
    }
}
