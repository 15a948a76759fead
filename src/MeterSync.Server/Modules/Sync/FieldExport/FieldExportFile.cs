using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Sync.Domain;

namespace MeterSync.Modules.Sync.FieldExport;

/// <summary>The first line of a phone's export: whose it is.</summary>
/// <param name="Format"><see cref="FieldExportFile.Format"/>.</param>
/// <param name="DeviceId">What the phone calls itself.</param>
internal sealed record FieldExportHeadRequest(
    [property: Required] string? Format,
    [property: Required, Range(1, 1)] int? Version,
    [property: Required] Guid? UserId,
    [property: Required, StringLength(DeviceContact.MostKey, MinimumLength = 1)] string? DeviceId,
    [property: PlainText(DeviceContact.MostName)] string? DeviceName,
    DateTimeOffset? ExportedAt);

/// <summary>What a dead or disconnected phone holds, written to a file: NDJSON, a head and then one item a line, each as it would have been pushed. A file that breaks off is good up to there.</summary>
internal static class FieldExportFile
{
    public const string Format = "metersync.field-export";

    private const int BlockBytes = 64 * 1024;

    /// <summary>Who and which phone, and where the items begin.</summary>
    public static Outcome<FieldExportHeadRequest> ReadHead(ReadOnlyMemory<byte> line, IRequestReader reader)
    {
        JsonElement json;
        try
        {
            json = JsonElement.Parse(line.Span);
        }
        catch (JsonException)
        {
            return SyncProblems.ExportUnreadable.Because("The first line is no JSON: this is no export of a phone.");
        }

        var head = reader.Read<FieldExportHeadRequest>(json);
        return !head.Succeeded ? SyncProblems.ExportUnreadable.Because($"The first line does not say whose export it is: {head.Problem.Message}")
            : head.Value.Format != Format ? SyncProblems.ExportUnreadable.Because($"The format is {LogText.OneLine(head.Value.Format!)}, not {Format}.")
            : head;
    }

    /// <summary>Lines without their ends; empty ones are left out. A line without an end at the end of the file counts. Null stands for a line that is longer than any that a phone writes.</summary>
    /// <param name="file">Read from where it stands.</param>
    /// <param name="longest">Bytes of a line.</param>
    public static IEnumerable<ReadOnlyMemory<byte>?> Lines(Stream file, int longest)
    {
        var buffer = new byte[BlockBytes];
        var (start, end, isPassedOver) = (0, 0, false);
        while (true)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                if (isPassedOver)
                {
                    isPassedOver = false;
                    yield return null;
                }
                else if (!buffer.AsSpan(start, length).Trim(" \r\t"u8).IsEmpty)
                {
                    yield return buffer.AsSpan(start, length).ToArray();
                }

                start += length + 1;
                continue;
            }

            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }

            if (end == buffer.Length)
            {
                if (end >= longest)
                {
                    (end, isPassedOver) = (0, true);
                }
                else
                {
                    Array.Resize(ref buffer, (int)Math.Min(longest, end * 2L));
                }
            }

            var read = file.Read(buffer, end, buffer.Length - end);
            if (read == 0)
            {
                if (isPassedOver)
                {
                    yield return null;
                }
                else if (!buffer.AsSpan(0, end).Trim(" \r\t"u8).IsEmpty)
                {
                    yield return buffer.AsSpan(0, end).ToArray();
                }

                yield break;
            }

            end += read;
        }
    }
}
