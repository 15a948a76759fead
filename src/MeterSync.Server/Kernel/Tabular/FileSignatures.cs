namespace MeterSync.Kernel.Tabular;

/// <summary>Recognises files that are no text tables by their first bytes, to name them in the refusal.</summary>
internal static class FileSignatures
{
    /// <summary>Whether the file is a zip archive, as an .xlsx workbook is.</summary>
    public static bool IsZip(ReadOnlySpan<byte> head) => head is [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..];

    /// <summary>Whether the file is a compound document, as an .xls workbook and an encrypted .xlsx workbook are.</summary>
    public static bool IsCompoundDocument(ReadOnlySpan<byte> head) => head is [0xD0, 0xCF, 0x11, 0xE0, ..];

    /// <summary>The refusal of a known binary file, or null.</summary>
    public static RowFault? Refuse(ReadOnlySpan<byte> head)
    {
        var found = head switch
        {
            [] => null,
            [(byte)'P', (byte)'K', 3, 4, ..] => "an .xlsx workbook or a zip archive",
            [0xD0, 0xCF, 0x11, 0xE0, ..] => "an old Excel (.xls) or Word document",
            [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "a PDF document",
            [0x1F, 0x8B, ..] => "a gzip archive",
            [0xFF, 0xD8, 0xFF, ..] or [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "a picture",
            _ => null,
        };
        return found is null
            ? null
            : new RowFault(0, -1, ImportCodes.NotText, $"The file is {found}, not a text table, although its name may end in .csv. Save the table as CSV (UTF-8).", true);
    }
}
