using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Modules.Sync.SyncReadings;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Sync.Pushing;

/// <summary>Reads a batch from its bytes: JSON with an envelope, or NDJSON, where one broken line spoils only itself.</summary>
internal sealed class ReadBatch(IRequestReader reader, ReadItems items, IOptions<SyncOptions> options, TimeProvider clock, ILogger<ReadBatch> log)
{
    private const int ShownCharacters = 60;

    /// <summary>What has one of them is no envelope.</summary>
    private static readonly string[] ItemMembers = ["client_id", "entity", "payload", "op", "captured_at", "meter_id", "serial_number", "reading_value"];

    private static readonly PushRequest Bare = new(null, null, null, null, null, null, null, null);
    // Two members of one name, and a payload that is nested too deep, are faults of their item, which are found when that is read.
    private static readonly JsonDocumentOptions Plain = new() { MaxDepth = 1_000 };

    /// <param name="body">Unpacked.</param>
    /// <param name="isLines">NDJSON.</param>
    /// <param name="deviceKey">Of the header; null where none was sent.</param>
    public Outcome<PushBatch> Read(ReadOnlyMemory<byte> body, bool isLines, string? deviceKey) => isLines ? ReadLines(body, deviceKey) : ReadDocument(body, deviceKey);

    /// <summary>One item, as if it had come at an instant.</summary>
    /// <param name="item">Its bytes.</param>
    /// <param name="deviceKey">Whose it is.</param>
    /// <param name="sent">The phone's clocks when it sent; null where it said nothing of them.</param>
    /// <param name="receivedAt">The instant.</param>
    public Outcome<PushBatch> ReadOne(ReadOnlyMemory<byte> item, string deviceKey, PhoneClock? sent, DateTimeOffset receivedAt) =>
        Finish(Bare with { Clock = sent is null ? null : new PhoneClockRequest(sent.Wall, sent.MonotonicMs, sent.ServerOffsetMs, sent.BootId) }, deviceKey, receivedAt, [(new PushItem(0, item), TryParse(item.Span))]);

    /// <summary>Lines that a phone's export has, all of them items.</summary>
    public Outcome<PushBatch> ReadItemLines(IEnumerable<ReadOnlyMemory<byte>> lines, string deviceKey, DateTimeOffset receivedAt) =>
        Finish(Bare, deviceKey, receivedAt, lines.Select((line, place) => (new PushItem(place, line), TryParse(line.Span))));

    private Outcome<PushBatch> ReadDocument(ReadOnlyMemory<byte> body, string? deviceKey)
    {
        JsonElement root;
        try
        {
            root = JsonElement.Parse(body.Span, Plain);
        }
        catch (JsonException broken)
        {
            return KernelProblems.Malformed.Because($"The batch is not valid JSON (line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}). Nothing of it was applied.");
        }

        if (root.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            return KernelProblems.Malformed.Because("A batch is an object with items, or an array of items.");
        }

        var isList = root.ValueKind is JsonValueKind.Array;
        var list = isList ? root : MemberOf(root, "items") ?? MemberOf(root, "readings") ?? default;
        if (list.ValueKind is not JsonValueKind.Array)
        {
            return KernelProblems.Invalid.For("items", "items: a list is wanted here.");
        }

        if (list.GetArrayLength() > options.Value.MostItems)
        {
            return TooMany(list.GetArrayLength());
        }

        var head = isList ? Bare : ReadEnvelope(root);
        if (!head.Succeeded)
        {
            return head.Problem;
        }

        return Finish(head.Value, deviceKey, clock.GetUtcNow().ToStored(), list.EnumerateArray().Select((json, place) => (new PushItem(place, JsonMarshal.GetRawUtf8Value(json).ToArray()), (JsonElement?)json)));
    }

    /// <summary>Without the items, which may have faults of their own.</summary>
    private Outcome<PushRequest> ReadEnvelope(JsonElement root)
    {
        using var buffer = new MemoryStream();
        try
        {
            using var json = new Utf8JsonWriter(buffer);
            json.WriteStartObject();
            foreach (var member in root.EnumerateObject().Where(member => !(member.NameEquals("items") || member.NameEquals("readings"))))
            {
                json.WritePropertyName(member.Name);
                json.WriteRawValue(JsonMarshal.GetRawUtf8Value(member.Value), skipInputValidation: true); // as it came: its reader finds what is no text
            }

            json.WriteEndObject();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            return KernelProblems.Malformed.Because("What stands around the items has a name or a text that is no Unicode. Nothing of it was applied.");
        }

        return reader.Read<PushRequest>(JsonElement.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length), Plain));
    }

    private Outcome<PushBatch> ReadLines(ReadOnlyMemory<byte> body, string? deviceKey)
    {
        var lines = new List<(PushItem Item, JsonElement? Json)>();
        var head = Bare;
        var isFirst = true;
        foreach (var range in LinesOf(body))
        {
            var line = body[range];
            var json = TryParse(line.Span);
            if (isFirst && json is { ValueKind: JsonValueKind.Object } envelope && !ItemMembers.Any(name => MemberOf(envelope, name) is not null))
            {
                if (MemberOf(envelope, "items") is not null || MemberOf(envelope, "readings") is not null)
                {
                    return KernelProblems.Malformed.Because($"As {SyncReadingsEndpoint.Lines} each item has a line of its own, behind the line that says which phone it is. Send a document with items as application/json.");
                }

                var read = reader.Read<PushRequest>(envelope);
                if (!read.Succeeded)
                {
                    return read.Problem;
                }

                head = read.Value;
            }
            else
            {
                lines.Add((new PushItem(lines.Count, line), json));
            }

            isFirst = false;
            if (lines.Count > options.Value.MostItems)
            {
                return TooMany(lines.Count);
            }
        }

        return Finish(head, deviceKey, clock.GetUtcNow().ToStored(), lines);
    }

    private Outcome<PushBatch> Finish(PushRequest head, string? header, DateTimeOffset received, IEnumerable<(PushItem Item, JsonElement? Json)> found)
    {
        if ((head.DeviceId ?? header)?.Trim() is not { Length: > 0 } key)
        {
            return SyncProblems.DeviceMissing.For("device_id", "Say which phone it is: device_id in the batch, or the header X-Device-Id.");
        }

        if (key.Length > DeviceContact.MostKey)
        {
            return KernelProblems.Invalid.For("device_id", $"device_id: at most {DeviceContact.MostKey} characters.");
        }

        var sent = head.Clock?.AsClock(null);
        var read = new List<PushItem>();
        foreach (var (item, json) in found)
        {
            if (json is { } element)
            {
                Read(item, element, sent, received, key);
            }
            else
            {
                item.Reject(SyncProblems.ItemMalformed.For("line", $"The line is not valid JSON: {Shown(item.Raw.Span)}"));
            }

            read.Add(item);
        }

        return new PushBatch(head, key, received, read);
    }

    private void Read(PushItem item, JsonElement json, PhoneClock? sent, DateTimeOffset received, string deviceKey)
    {
        try
        {
            items.Read(item, json, sent, received, deviceKey);
        }
        catch (Exception exception)
        {
            // One item that we fail to read holds up none of the others.
            log.LogError(exception, "Item {Place} of a batch could not be read; it is kept for a person", item.Place);
            item.Field = null;
            item.Reject(KernelProblems.Unexpected.Because("Something failed on our side with this item. It is kept as it came, and a person will look at it."));
        }
    }

    /// <summary>Null where there is none.</summary>
    private static JsonElement? MemberOf(JsonElement json, string name)
    {
        try
        {
            return json.TryGetProperty(name, out var found) ? found : null;
        }
        catch (InvalidOperationException)
        {
            return null; // a name beside it is no text: whoever reads the whole object says so
        }
    }

    private Problem TooMany(int count) => SyncProblems.TooManyItems.For("items", $"The batch has {count} items or more; one may have {options.Value.MostItems}. Nothing of it was applied.");

    private static JsonElement? TryParse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonElement.Parse(line, Plain);
        }
        catch (JsonException)
        {
            return null; // the line is answered for itself
        }
    }

    private static IEnumerable<Range> LinesOf(ReadOnlyMemory<byte> body)
    {
        for (var start = 0; start < body.Length;)
        {
            var length = body.Span[start..].IndexOf((byte)'\n');
            var end = length < 0 ? body.Length : start + length;
            if (!body.Span[start..end].Trim(" \r\t"u8).IsEmpty)
            {
                yield return start..end;
            }

            start = end + 1;
        }
    }

    private static string Shown(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line);
        // Half a character could not be stored.
        var end = text.Length > ShownCharacters && char.IsHighSurrogate(text[ShownCharacters - 1]) ? ShownCharacters - 1 : ShownCharacters;
        return LogText.OneLine(text.Length > end ? text[..end] + "…" : text);
    }
}
