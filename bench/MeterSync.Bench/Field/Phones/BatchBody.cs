using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text.Json;

namespace MeterSync.Bench.Field.Phones;

/// <summary>The spellings of a batch that the server takes.</summary>
internal enum BatchSpelling
{
    Json,
    JsonGzip,
    Lines,
    LinesGzip,
}

/// <param name="DeviceId">What the phone calls itself.</param>
/// <param name="Epoch">Of the server, as it was last told; null before the first answer.</param>
/// <param name="UnsentCount">What it still holds.</param>
/// <param name="Last">The last receipt of the server's epoch that it knows.</param>
internal sealed record BatchHead(string DeviceId, string? Epoch, int UnsentCount, (Guid ClientId, GivenReceipt Receipt)? Last);

/// <summary>Puts frozen items into the body of a request.</summary>
internal static class BatchBody
{
    public static HttpContent Make(BatchHead head, PhoneClock clock, IReadOnlyList<OutboxItem> items, BatchSpelling spelling)
    {
        using var body = new MemoryStream();
        var isLines = spelling is BatchSpelling.Lines or BatchSpelling.LinesGzip;
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            WriteHead(json, head, clock);
            if (!isLines)
            {
                json.WriteStartArray("items");
                foreach (var item in items)
                    json.WriteRawValue(item.Item.Bytes, skipInputValidation: true);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        foreach (var item in isLines ? items : [])
        {
            body.WriteByte((byte)'\n');
            body.Write(item.Item.Bytes);
        }

        var isPacked = spelling is BatchSpelling.JsonGzip or BatchSpelling.LinesGzip;
        var content = new ByteArrayContent(isPacked ? Pack(body) : body.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue(isLines ? "application/x-ndjson" : "application/json");
        if (isPacked)
            content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    private static void WriteHead(Utf8JsonWriter json, BatchHead head, PhoneClock clock)
    {
        json.WriteString("device_id", head.DeviceId);
        json.WriteString("device_name", "Simulated phone");
        json.WriteString("app_version", "simulator");
        json.WriteNumber("unsent_count", head.UnsentCount);
        json.WriteString("batch_id", Guid.CreateVersion7());
        FieldItems.WriteClock(json, "clock", clock, clock.Wall);
        if (head.Epoch is not null)
            json.WriteString("epoch", head.Epoch);
        if (head.Last is not { } last)
            return;
        json.WriteStartObject("last_receipt");
        json.WriteString("client_id", last.ClientId);
        json.WriteNumber("server_seq", last.Receipt.ServerSeq);
        json.WriteString("chain", last.Receipt.Chain);
        json.WriteString("mac", last.Receipt.Mac);
        json.WriteEndObject();
    }

    private static byte[] Pack(MemoryStream body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            body.Position = 0;
            body.CopyTo(gzip);
        }
        return packed.ToArray();
    }
}
