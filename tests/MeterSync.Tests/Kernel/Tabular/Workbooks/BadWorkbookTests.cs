using System.Buffers.Binary;
using System.Text;
using MeterSync.Kernel.Tabular;
using MeterSync.Tests.Contract;
using Xunit;
using static MeterSync.Tests.Kernel.Tabular.Workbooks.WorkbookMaker;

namespace MeterSync.Tests.Kernel.Tabular.Workbooks;

public sealed class BadWorkbookTests
{
    private static readonly string Head = Row(Text("serial_number"), Text("value"));
    private static readonly byte[] Good = new WorkbookMaker().Sheet("Data", Head + Row(Text("1"), Number("2")) + Row(Text("3"), Number("4"))).Bytes();

    [Fact]
    public async Task A_zip_bomb_is_refused_by_what_its_directory_says()
    {
        var maker = new WorkbookMaker().Sheet("Data", Head);
        maker.Parts["xl/media/image1.bin"] = new byte[40 * 1024 * 1024];
        await RefusedAsync(ImportCodes.WorkbookTooLarge, maker.Bytes(), new TableLimits { UnpackedBytes = 32 * 1024 * 1024 });
    }

    [Fact]
    public async Task A_zip_bomb_that_lies_about_its_size_is_refused_too()
    {
        var bomb = new WorkbookMaker().Sheet("Data", Head + new string(' ', 20_000_000)).Bytes();
        SetLengths(bomb, 1_000);
        await RefusedAsync(ImportCodes.WorkbookDamaged, bomb, new TableLimits { UnpackedBytes = 1024 * 1024 });
    }

    [Fact]
    public async Task An_archive_of_very_many_parts_is_refused_before_they_are_listed()
    {
        var parts = Enumerable.Range(0, 10_001).Select(number => new KeyValuePair<string, byte[]>(FormattableString.Invariant($"p{number}"), []));
        await RefusedAsync(ImportCodes.WorkbookTooLarge, Zip(parts));
    }

    [Fact]
    public async Task Words_without_end_are_refused()
    {
        var maker = new WorkbookMaker();
        var cells = string.Concat(Enumerable.Range(0, 40).Select(_ => maker.Shared(new string('x', 30_000))));
        await RefusedAsync(ImportCodes.WorkbookTooLarge, maker.Sheet("Data", Row(cells)).Bytes(), new TableLimits { SharedChars = 1_000_000 });
    }

    [Fact]
    public async Task A_tag_without_end_costs_no_memory()
    {
        var file = new WorkbookMaker().Sheet("Data", Head + "<row junk=\"" + new string('x', 30_000_000) + "\"/>").Bytes();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await RefusedAsync(ImportCodes.WorkbookDamaged, file);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 64_000_000);
    }

    [Fact]
    public async Task Tags_nested_without_end_are_refused_before_they_cost_memory()
    {
        const int levels = 100_000;
        var nested = string.Concat(Enumerable.Repeat("<a>", levels)) + string.Concat(Enumerable.Repeat("</a>", levels));
        foreach (var rows in new[] { Head + nested, Head + $"<row>{nested}</row>", Head + $"<row><c><v>1</v>{nested}</c></row>" })
        {
            await RefusedAsync(ImportCodes.WorkbookDamaged, new WorkbookMaker().Sheet("Data", rows).Bytes(), message: "nested");
        }

        var words = new WorkbookMaker().Sheet("Data", Head);
        words.Parts["xl/sharedStrings.xml"] = Encoding.UTF8.GetBytes($"<sst><si>{nested}</si></sst>");
        await RefusedAsync(ImportCodes.WorkbookDamaged, words.Bytes(), message: "nested");
        Assert.Empty(await WorkbookTables.CodesAsync(new WorkbookMaker().Sheet("Data", Head + $"<row>{Text("1")}{Number("2")}{nested[..90]}{nested[^120..]}</row>").Bytes()));
    }

    [Fact]
    public async Task Names_without_end_are_refused_before_they_cost_memory()
    {
        var tags = string.Concat(Enumerable.Range(0, 20_000).Select(number => FormattableString.Invariant($"<n{number}/>")));
        var attributes = string.Concat(Enumerable.Range(0, 20_000).Select(number => FormattableString.Invariant($"<a n{number}=\"\"/>")));
        var spaces = string.Concat(Enumerable.Range(0, 20_000).Select(number => FormattableString.Invariant($"<a xmlns=\"urn:{number}\"/>")));
        var letters = string.Concat(Enumerable.Range(0, 20).Select(number => $"<{new string((char)('a' + number), 100_000)}/>"));
        foreach (var rows in new[] { tags, attributes, spaces, letters })
        {
            await RefusedAsync(ImportCodes.WorkbookDamaged, new WorkbookMaker().Sheet("Data", Head + $"<row>{rows}</row>").Bytes(), message: "names");
        }

        var some = string.Concat(Enumerable.Range(0, 1_000).Select(number => FormattableString.Invariant($"<n{number}/>")));
        Assert.Empty(await WorkbookTables.CodesAsync(new WorkbookMaker().Sheet("Data", Head + $"<row>{Text("1")}{Number("2")}{some}</row>").Bytes()));
    }

    [Fact]
    public async Task A_cell_that_is_too_long_is_a_problem_of_its_row()
    {
        var maker = new WorkbookMaker();
        var file = maker.Sheet("Data", Row(Text("serial_number"), Text("value"), Text("note")) + Row(Text("1"), Number("1"), Text(new string('x', 100_000))) + Row(Text("2"), Number("1"), maker.Shared(new string('y', 100_000)))
            + Row(Text("3"), Number("1")) + "<row r=\"5\"><c r=\"A5\"><v>4</v></c><c r=\"B5\"><v>1</v></c><c r=\"XFD5\"><v>1</v></c></row>").Bytes();
        Assert.Equal(["2 note import.cell_too_large", "3 note import.cell_too_large", "5  import.too_many_columns"], await WorkbookTables.CodesAsync(file));
    }

    [Fact]
    public async Task A_workbook_cut_short_anywhere_is_told_as_damaged()
    {
        for (var length = 60; length < Good.Length; length += 97)
        {
            await RefusedAsync(ImportCodes.WorkbookDamaged, Good[..length]);
        }
    }

    [Fact]
    public async Task Another_archive_is_no_workbook()
    {
        await RefusedAsync(ImportCodes.NotWorkbook, Zip([new("readme.txt", "hello"u8.ToArray())]));
        await RefusedAsync(ImportCodes.NotWorkbook, Zip([new("mimetype", "application/vnd.oasis.opendocument.spreadsheet"u8.ToArray()), new("content.xml", "<x/>"u8.ToArray())]), message: "OpenDocument");
        await RefusedAsync(ImportCodes.NotWorkbook, Zip([new("_rels/.rels", Encoding.UTF8.GetBytes("<Relationships><Relationship Id=\"r\" Type=\"http://x/officeDocument\" Target=\"word/document.xml\"/></Relationships>")), new("word/document.xml", "<document/>"u8.ToArray())]));
        await RefusedAsync(ImportCodes.NotWorkbook, Zip([new("_rels/.rels", Encoding.UTF8.GetBytes("<Relationships><Relationship Id=\"r\" Type=\"http://x/officeDocument\" Target=\"xl/workbook.bin\"/></Relationships>")), new("xl/workbook.bin", [1, 2])]), message: "xlsb");
    }

    [Fact]
    public async Task A_part_that_is_missing_or_wrong_is_told_as_damaged()
    {
        var noSheet = new WorkbookMaker().Sheet("Data", Head);
        noSheet.Missing.Add("xl/worksheets/sheet1.xml");
        await RefusedAsync(ImportCodes.WorkbookDamaged, noSheet.Bytes());
        await RefusedAsync(ImportCodes.WorkbookDamaged, new WorkbookMaker().Sheet("Data", Head + "<row r=\"1\"/>").Bytes());
        await RefusedAsync(ImportCodes.WorkbookDamaged, new WorkbookMaker().Sheet("Data", Head + "<row r=\"2000000000\"/>").Bytes());
        await RefusedAsync(ImportCodes.WorkbookDamaged, new WorkbookMaker().Sheet("Data", Head + "<row><c t=\"s\"><v>99</v></c></row>").Bytes());
        await RefusedAsync(ImportCodes.WorkbookDamaged, new WorkbookMaker().Sheet("Data", Head + "<row><c r=\"ZZZZZZ9\"><v>1</v></c></row>").Bytes());
        await RefusedAsync(ImportCodes.WorkbookDamaged, new WorkbookMaker().Sheet("Data", Head + "<row><c r=\"B2\"><v>1</v></c><c r=\"A2\"><v>1</v></c></row>").Bytes());
        var withEntity = new WorkbookMaker().Sheet("Data", Head);
        withEntity.Parts["xl/sharedStrings.xml"] = "<?xml version=\"1.0\"?><!DOCTYPE sst [<!ENTITY a \"aaaa\">]><sst><si><t>&a;</t></si></sst>"u8.ToArray();
        await RefusedAsync(ImportCodes.WorkbookDamaged, withEntity.Bytes());
    }

    [Fact]
    public async Task A_changed_byte_is_seen_by_the_check_sum()
    {
        var stored = new WorkbookMaker().Sheet("Data", Head + Row(Text("1"), Number("271828"))).Bytes();
        using var file = new MemoryStream();
        using (var from = new System.IO.Compression.ZipArchive(new MemoryStream(stored)))
        using (var to = new System.IO.Compression.ZipArchive(file, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in from.Entries)
            {
                using var source = entry.Open();
                using var target = to.CreateEntry(entry.FullName, System.IO.Compression.CompressionLevel.NoCompression).Open();
                source.CopyTo(target);
            }
        }

        var bytes = file.ToArray();
        Assert.Empty(await WorkbookTables.CodesAsync(bytes));
        bytes[bytes.AsSpan().IndexOf("271828"u8)] = (byte)'9';
        await RefusedAsync(ImportCodes.WorkbookDamaged, bytes);
    }

    [Fact]
    public async Task A_protected_workbook_is_told_as_such()
    {
        await RefusedAsync(ImportCodes.WorkbookEncrypted, Renamed(Old(), "Workbook", "EncryptedPackage"));
        await RefusedAsync(ImportCodes.NotWorkbook, Renamed(Old(), "Workbook", "WordDocument"));
        var locked = Old();
        // The two records behind the first one become one that says the file is locked, by key and check of a password.
        var first = locked.AsSpan().IndexOf((ReadOnlySpan<byte>)[9, 8, 16, 0, 0, 6, 5, 0]) + 20;
        var both = locked[first + 2] + 4 + locked[first + 4 + locked[first + 2] + 2];
        ((ReadOnlySpan<byte>)[0x2F, 0, (byte)both, 0, 0, 0, 0x34, 0x12, 0x78, 0x56]).CopyTo(locked.AsSpan(first));
        await RefusedAsync(ImportCodes.WorkbookEncrypted, locked);
    }

    private static byte[] Old() => File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "MeterSync.Tests", "Kernel", "Tabular", "Workbooks", "readings.xls"));

    private static byte[] Renamed(byte[] file, string from, string to)
    {
        var entry = file.AsSpan().IndexOf(Encoding.Unicode.GetBytes(from + "\0"));
        file.AsSpan(entry, 64).Clear();
        Encoding.Unicode.GetBytes(to, file.AsSpan(entry));
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(entry + 64), (ushort)((to.Length + 1) * 2));
        return file;
    }

    /// <summary>Makes every entry of the directory say that it unpacks to little.</summary>
    private static void SetLengths(byte[] zip, uint most)
    {
        for (var at = zip.AsSpan().IndexOf("PK\u0001\u0002"u8); at >= 0 && at + 46 <= zip.Length;)
        {
            var length = zip.AsSpan(at + 24);
            BinaryPrimitives.WriteUInt32LittleEndian(length, Math.Min(most, BinaryPrimitives.ReadUInt32LittleEndian(length)));
            var next = zip.AsSpan(at + 4).IndexOf("PK\u0001\u0002"u8);
            at = next < 0 ? -1 : at + 4 + next;
        }
    }

    private static async Task RefusedAsync(string code, byte[] file, TableLimits? limits = null, string message = "")
    {
        await using var reader = await WorkbookTables.ReadAsync(file, new TableReadOptions { Limits = limits ?? new TableLimits() });
        Assert.True(reader.Stopped);
        Assert.Equal(code, reader.Problems[^1].Code);
        Assert.Contains(message, reader.Problems[^1].Message, StringComparison.Ordinal);
    }
}
