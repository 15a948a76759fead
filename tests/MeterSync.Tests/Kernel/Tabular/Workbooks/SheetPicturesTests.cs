using System.IO.Compression;
using System.Xml.Linq;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using MeterSync.Kernel.Tabular;
using MeterSync.Kernel.Tabular.Workbooks;
using MeterSync.Tests.Store.Vision;
using Xdr = DocumentFormat.OpenXml.Drawing.Spreadsheet;

namespace MeterSync.Tests.Kernel.Tabular.Workbooks;

public sealed class SheetPicturesTests : IDisposable
{
    private static readonly SinkColumn[] Columns = [new("number", SinkColumnKind.Number), new("photo", SinkColumnKind.Picture), new("note")];
    private static readonly XNamespace Relations = "http://schemas.openxmlformats.org/package/2006/relationships";
    private readonly string waiting = Path.Combine(Path.GetTempPath(), $"metersync-{Guid.CreateVersion7():n}.pictures.part");

    public void Dispose() => File.Delete(waiting);

    [Fact]
    public async Task Pictures_stand_in_the_cells_of_their_rows_in_a_valid_workbook()
    {
        var jpegs = Enumerable.Range(1, 3).Select(number => TestPictures.ToJpeg(TestPictures.Quarters(100 * number, 90))).ToList();
        var bytes = await WriteAsync(5, rowsOfSheet: 1_000, row => row is 1 or 3 or 4 ? new TablePicture(jpegs[row / 2], 100, 90, "Photo \"<&>\" of row " + row) : null);
        using var document = SpreadsheetDocument.Open(new MemoryStream(bytes), false);
        Assert.Empty(new OpenXmlValidator().Validate(document).Select(error => $"{error.Part?.Uri} {error.Path?.XPath} {error.Description}"));
        var sheet = Assert.Single(document.WorkbookPart!.WorksheetParts);
        var drawing = sheet.DrawingsPart!;
        var anchors = drawing.WorksheetDrawing.Elements<Xdr.TwoCellAnchor>().ToList();
        Assert.Equal(["1:1", "1:3", "1:4"], anchors.Select(anchor => $"{anchor.FromMarker!.ColumnId!.Text}:{anchor.FromMarker.RowId!.Text}"));
        Assert.Equal(["1:1", "1:3", "1:4"], anchors.Select(anchor => $"{anchor.ToMarker!.ColumnId!.Text}:{anchor.ToMarker.RowId!.Text}"));
        Assert.Equal("Photo '<&>' of row 1", anchors[0].Descendants<Xdr.NonVisualDrawingProperties>().Single().Description!.Value);
        var shown = anchors.Select(anchor => Read(drawing.GetPartById(anchor.Descendants<DocumentFormat.OpenXml.Drawing.Blip>().Single().Embed!.Value!))).ToList();
        Assert.Equal(jpegs, shown);
        var rows = sheet.Worksheet.Descendants<DocumentFormat.OpenXml.Spreadsheet.Row>().ToDictionary(row => row.RowIndex!.Value, row => row.Height?.Value);
        Assert.Equal([null, 90, null, 90, 90, null], Enumerable.Range(1, 6).Select(row => rows[(uint)row]));
        Assert.Equal("2: Number 0||row 0", (await WorkbookTables.RowsAsync(bytes))[1]);
        Assert.False(File.Exists(waiting));
    }

    [Fact]
    public async Task Every_sheet_has_its_own_pictures_and_every_part_its_type_and_relation()
    {
        var jpeg = TestPictures.ToJpeg(TestPictures.Quarters(40, 400));
        var bytes = await WriteAsync(9, rowsOfSheet: 4, row => row == 4 ? null : new TablePicture(jpeg, 40, 400, "Photo"));
        using (var document = SpreadsheetDocument.Open(new MemoryStream(bytes), false))
        {
            Assert.Empty(new OpenXmlValidator().Validate(document).Select(error => error.Description));
        }

        using var archive = new ZipArchive(new MemoryStream(bytes));
        var names = archive.Entries.Select(entry => entry.FullName).ToHashSet();
        Assert.Equal(8, names.Count(name => name.StartsWith("xl/media/", StringComparison.Ordinal)));
        Assert.Equal(3, names.Count(name => name.StartsWith("xl/drawings/drawing", StringComparison.Ordinal)));
        var types = Load(archive, "[Content_Types].xml");
        var (defaults, overrides) = (types.Elements().Where(type => type.Name.LocalName == "Default").ToDictionary(type => (string)type.Attribute("Extension")!, type => (string)type.Attribute("ContentType")!), types.Elements().Where(type => type.Name.LocalName == "Override").ToDictionary(type => (string)type.Attribute("PartName")!, type => (string)type.Attribute("ContentType")!));
        foreach (var name in names.Where(name => name.StartsWith("xl/", StringComparison.Ordinal) && !name.EndsWith(".rels", StringComparison.Ordinal)))
        {
            var type = overrides.GetValueOrDefault("/" + name) ?? defaults[Path.GetExtension(name)[1..]];
            Assert.True(!name.Contains("/media/", StringComparison.Ordinal) || type == "image/jpeg", $"{name} is {type}");
            Assert.True(!name.Contains("/drawings/", StringComparison.Ordinal) || type == "application/vnd.openxmlformats-officedocument.drawing+xml", $"{name} is {type}");
        }

        foreach (var name in names.Where(name => name.EndsWith(".rels", StringComparison.Ordinal)))
        {
            var folder = new Uri("http://package/" + name.Replace("_rels/", "", StringComparison.Ordinal));
            Assert.All(Load(archive, name).Elements(Relations + "Relationship"), relation => Assert.Contains(new Uri(folder, (string)relation.Attribute("Target")!).AbsolutePath[1..], names));
        }
    }

    [Fact]
    public async Task A_table_without_pictures_has_no_drawing()
    {
        var bytes = await WriteAsync(3, rowsOfSheet: 1_000, _ => null);
        using var archive = new ZipArchive(new MemoryStream(bytes));
        Assert.DoesNotContain(archive.Entries, entry => entry.FullName.Contains("drawing", StringComparison.Ordinal) || entry.FullName.Contains("media", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_picture_comes_before_its_row()
    {
        using var file = new MemoryStream();
        var picture = new TablePicture([1], 1, 1, "");
        await using (var sink = new SheetWriter(file, picturesFile: waiting))
        {
            await sink.BeginAsync("readings", Columns);
            sink.PictureOfNextRow(1, picture);
            Assert.Throws<InvalidOperationException>(() => sink.PictureOfNextRow(1, picture));
            sink.Number(1L);
            Assert.Throws<InvalidOperationException>(() => sink.PictureOfNextRow(1, picture));
        }

        await using var plain = new SheetWriter(file);
        await plain.BeginAsync("readings", Columns);
        Assert.Throws<InvalidOperationException>(() => plain.PictureOfNextRow(1, picture));
        Assert.False(File.Exists(waiting));
    }

    /// <summary>Ten thousand photos of 30 kB are 300 MB.</summary>
    [Fact]
    public async Task Memory_does_not_grow_with_the_pictures()
    {
        const int Pictures = 10_000;
        var jpeg = new byte[30_000];
        var target = waiting + ".xlsx";
        var before = GC.GetTotalMemory(forceFullCollection: true);
        try
        {
            long held;
            await using (var file = File.Create(target))
            await using (var sink = new SheetWriter(file, picturesFile: waiting))
            {
                await sink.BeginAsync("readings", Columns);
                for (var row = 0; row < Pictures; row++)
                {
                    sink.PictureOfNextRow(1, new TablePicture(jpeg, 512, 384, "Photo"));
                    sink.Number((long)row);
                    await sink.EndRowAsync();
                }

                await sink.CompleteAsync();
                held = GC.GetTotalMemory(forceFullCollection: true) - before;
            }

            Assert.InRange(new FileInfo(target).Length, 30_000L * Pictures, 32_000L * Pictures);
            Assert.InRange(held, 0, 100_000_000);
        }
        finally
        {
            File.Delete(target);
        }
    }

    private async Task<byte[]> WriteAsync(int rows, int rowsOfSheet, Func<int, TablePicture?> pictureOf)
    {
        using var file = new MemoryStream();
        await using (var sink = new SheetWriter(file, rowsOfSheet, waiting))
        {
            await sink.BeginAsync("readings", Columns);
            for (var row = 0; row < rows; row++)
            {
                // Anchors count rows from 0, and the headings are the first.
                if (pictureOf(row + 1) is { } picture)
                {
                    sink.PictureOfNextRow(1, picture);
                }

                sink.Number((long)row);
                sink.Text(null);
                sink.Text($"row {row}");
                await sink.EndRowAsync();
            }

            await sink.CompleteAsync();
        }

        return file.ToArray();
    }

    private static byte[] Read(OpenXmlPart part)
    {
        using var stream = part.GetStream();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private static XElement Load(ZipArchive archive, string name)
    {
        using var stream = archive.GetEntry(name)!.Open();
        return XDocument.Load(stream).Root!;
    }
}
