using System.Globalization;
using System.Net;
using System.Text.Json;

namespace MeterSync.Bench.Field.Phones;

/// <summary>Brings one photo to the server and goes on where it broke off, also after the app was killed.</summary>
/// <param name="pieceBytes">Of a PATCH; every piece that arrives is kept by the server, and so is what arrives of a broken one.</param>
internal sealed class PhotoUpload(PhoneWire wire, Outbox outbox, Ledger ledger, int pieceBytes)
{
    private const string TusVersion = "1.0.0";

    /// <returns>Whether the server has all of it now; otherwise it is tried again later.</returns>
    public async Task<bool> RunAsync(OutboxPhoto photo, bool inOnePiece, CancellationToken cancellationToken)
    {
        var bytes = await File.ReadAllBytesAsync(photo.File, cancellationToken);
        var begun = photo.PhotoId is null ? await BeginAsync(photo, cancellationToken) : photo;
        if (begun is null)
            return false;
        var isWhole = begun.ResumableUrl is null || (inOnePiece && begun.UploadUrl is not null);
        return (isWhole ? await PutAsync(begun, bytes, cancellationToken) : await ResumeAsync(begun, bytes, cancellationToken)) && await CompleteAsync(begun, cancellationToken);
    }

    private async Task<OutboxPhoto?> BeginAsync(OutboxPhoto photo, CancellationToken cancellationToken)
    {
        var answer = await wire.PostAsync(
            "/api/v1/photos/presigned-url",
            new { filename = Path.GetFileName(photo.File), content_type = "image/jpeg", size = photo.Size, sha256 = photo.Sha256, reading_client_id = photo.ClientId },
            cancellationToken);
        if (!answer.IsFine)
        {
            ledger.Count($"photo not begun: {answer.Code}");
            return null;
        }
        var begun = photo with
        {
            PhotoId = answer.Data.GetProperty("photo_id").GetString(),
            UploadUrl = Text(answer.Data, "upload_url"),
            ResumableUrl = Text(answer.Data, "resumable_url"),
            Headers = answer.Data.TryGetProperty("headers", out var headers) ? headers.GetRawText() : "{}",
        };
        outbox.Keep(begun);
        return begun;
    }

    private async Task<bool> PutAsync(OutboxPhoto photo, byte[] bytes, CancellationToken cancellationToken)
    {
        if (photo.UploadUrl is null)
            return true; // the server has these bytes already
        var headers = JsonSerializer.Deserialize<Dictionary<string, string>>(photo.Headers ?? "{}")!;
        var status = await wire.PutAsync(wire.UrlOf(photo.UploadUrl), bytes, headers, cancellationToken);
        if ((int)status is >= 200 and < 300 or 409)
            return true;
        ledger.Count($"photo not put: {(int)status}");
        Restart(photo);
        return false;
    }

    private async Task<bool> ResumeAsync(OutboxPhoto photo, byte[] bytes, CancellationToken cancellationToken)
    {
        var url = wire.UrlOf(photo.ResumableUrl!);
        var head = await wire.SendAsync(() => Request(HttpMethod.Head, url), cancellationToken);
        if (head.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            // Done and its answer lost, expired, or lost with a restored backup: completing it tells, and begins anew where it must.
            ledger.Count("uploads that were gone");
            return true;
        }
        if (!head.IsFine)
        {
            ledger.Count($"upload not found out: {head.Code}");
            return false;
        }
        for (var offset = OffsetOf(head); offset < bytes.Length;)
        {
            var length = Math.Min(pieceBytes, bytes.Length - offset);
            var from = offset;
            var answer = await wire.SendAsync(
                () =>
                {
                    var request = Request(HttpMethod.Patch, url);
                    request.Headers.Add("Upload-Offset", from.ToString(CultureInfo.InvariantCulture));
                    request.Content = new ByteArrayContent(bytes, from, length);
                    request.Content.Headers.ContentType = new("application/offset+octet-stream");
                    return request;
                },
                cancellationToken);
            if (answer.Status != HttpStatusCode.NoContent)
            {
                ledger.Count($"piece of a photo refused: {answer.Code}");
                return false; // asked again where it stands
            }
            offset = OffsetOf(answer);
        }
        return true;
    }

    private async Task<bool> CompleteAsync(OutboxPhoto photo, CancellationToken cancellationToken)
    {
        var answer = await wire.PostAsync("/api/v1/photos/complete", new { photo_id = photo.PhotoId, sha256 = photo.Sha256 }, cancellationToken);
        if (!answer.IsFine)
        {
            ledger.Count($"photo not complete: {answer.Code}");
            if (answer.Status is not HttpStatusCode.ServiceUnavailable)
                Restart(photo);
            return false;
        }
        outbox.Keep(photo with { DoneEpoch = outbox.Epoch });
        return true;
    }

    private void Restart(OutboxPhoto photo) => outbox.Keep(photo with { PhotoId = null, UploadUrl = null, ResumableUrl = null, Headers = null });

    private static HttpRequestMessage Request(HttpMethod method, Uri url)
    {
        var request = new HttpRequestMessage(method, url);
        request.Headers.Add("Tus-Resumable", TusVersion);
        return request;
    }

    private static int OffsetOf(WireAnswer answer) => answer.Headers.TryGetValues("Upload-Offset", out var values) ? int.Parse(values.First(), CultureInfo.InvariantCulture) : 0;

    private static string? Text(JsonElement data, string name) => data.TryGetProperty(name, out var value) ? value.GetString() : null;
}
