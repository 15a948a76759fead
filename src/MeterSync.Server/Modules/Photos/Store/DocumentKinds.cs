using System.IO.Compression;
using System.Text;

namespace MeterSync.Modules.Photos.Store;

/// <param name="ContentType">What the file is served as.</param>
/// <param name="Ending">Of its name here.</param>
internal sealed record DocumentKind(string ContentType, string Ending);

/// <summary>What a file is, told by its bytes. Its name only tells CSV from other text.</summary>
internal static class DocumentKinds
{
    private const int TextSample = 64 * 1024;
    private const int MostEntries = 10_000;
    private static readonly DocumentKind Pdf = new("application/pdf", "pdf");
    private static readonly DocumentKind Docx = new("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx");
    private static readonly DocumentKind Xlsx = new("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx");
    private static readonly DocumentKind Csv = new("text/csv; charset=utf-8", "csv");
    private static readonly DocumentKind Text = new("text/plain; charset=utf-8", "txt");

    /// <summary>Null for what is no document that is taken: programs, archives, workbooks with macros, pictures.</summary>
    public static DocumentKind? Of(Stream file, string? name)
    {
        Span<byte> head = stackalloc byte[8];
        head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        file.Position = 0;
        return head switch
        {
            [(byte)'%', (byte)'P', (byte)'D', (byte)'F', (byte)'-', ..] => Pdf,
            [(byte)'P', (byte)'K', 3, 4, ..] => OfArchive(file),
            _ => IsText(file) ? (name?.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) is true ? Csv : Text) : null,
        };
    }

    private static DocumentKind? OfArchive(Stream file)
    {
        try
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            var names = archive.Entries.Take(MostEntries).Select(entry => entry.FullName).ToHashSet(StringComparer.OrdinalIgnoreCase);
            return !names.Contains("[Content_Types].xml") || names.Any(entry => entry.EndsWith("vbaProject.bin", StringComparison.OrdinalIgnoreCase)) ? null
                : names.Contains("word/document.xml") ? Docx
                : names.Contains("xl/workbook.xml") ? Xlsx
                : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>UTF-8 without control characters but line ends and tabs, as far as the sample goes.</summary>
    private static bool IsText(Stream file)
    {
        var sample = new byte[Math.Min(TextSample, file.Length)];
        var read = file.ReadAtLeast(sample, sample.Length, throwOnEndOfStream: false);
        file.Position = 0;
        var decoder = new UTF8Encoding(false, throwOnInvalidBytes: true).GetDecoder();
        try
        {
            var characters = new char[sample.Length];
            var count = decoder.GetChars(sample.AsSpan(0, read), characters, flush: file.Length <= read);
            return count > 0 && Array.TrueForAll(characters[..count], character => !char.IsControl(character) || character is '\n' or '\r' or '\t' or '\f');
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
