using MeterSync.Kernel.Tabular;
using MeterSync.Tests.Contract;
using Xunit;
using static MeterSync.Tests.Kernel.Tabular.Workbooks.WorkbookMaker;

namespace MeterSync.Tests.Kernel.Tabular.Workbooks;

/// <summary>Whatever is done to a workbook, its reader ends with rows or with a problem that has a code.</summary>
public sealed class WorkbookFuzzTests
{
    private const int Rounds = 1_500;

    [Fact]
    public Task Xlsx() => FuzzAsync(File(System.IO.Compression.CompressionLevel.Fastest), 11);

    /// <summary>Nothing is packed, so that the changes reach the XML.</summary>
    [Fact]
    public Task Xlsx_that_is_only_stored() => FuzzAsync(File(System.IO.Compression.CompressionLevel.NoCompression), 12);

    [Fact]
    public Task Xls() => FuzzAsync(System.IO.File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "MeterSync.Tests", "Kernel", "Tabular", "Workbooks", "readings.xls")), 13);

    /// <summary>Broken XML behind right check sums.</summary>
    [Fact]
    public async Task Xml()
    {
        var random = new Random(14);
        var names = new[] { "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml", "_rels/.rels" };
        for (var round = 0; round < Rounds; round++)
        {
            var maker = Maker();
            _ = maker.Bytes();
            var name = names[random.Next(names.Length)];
            maker.Parts[name] = Changed(maker.Parts[name], random);
            await TryAsync(Zip(maker.Parts), round);
        }
    }

    private static async Task FuzzAsync(byte[] good, int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            await TryAsync(Changed(good, random), round);
        }
    }

    private static async Task TryAsync(byte[] file, int round)
    {
        try
        {
            await using var reader = await WorkbookTables.ReadAsync(file, new TableReadOptions { Sheet = round % 2 == 0 ? null : "Data", Limits = new TableLimits { Rows = 10_000 } });
            Assert.All(reader.Problems, problem => Assert.StartsWith("import.", problem.Code, StringComparison.Ordinal));
            Assert.True(!reader.Stopped || reader.Problems.Total > 0);
        }
        catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"Round {round}: {exception}");
        }
    }

    private static byte[] Changed(byte[] good, Random random)
    {
        var file = good.ToArray();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            file[random.Next(file.Length)] = (byte)random.Next(256);
        }

        return random.Next(4) == 0 ? file[..random.Next(file.Length)] : file;
    }

    private static WorkbookMaker Maker()
    {
        var maker = new WorkbookMaker();
        var rows = Row(maker.Shared("serial_number"), Text("value"), Text("read_at"), Text("note")) + string.Concat(Enumerable.Range(0, 20).Select(number =>
            $"<row r=\"{number + 2}\"><c r=\"A{number + 2}\" t=\"s\"><v>0</v></c><c r=\"B{number + 2}\"><f>1+1</f><v>{number}.5</v></c><c r=\"C{number + 2}\" s=\"1\"><v>46082.5</v></c><c r=\"D{number + 2}\" t=\"inlineStr\"><is><r><t>a</t></r><rPh><t>b</t></rPh></is></c></row>"));
        return maker.Sheet("Data", rows, after: "<mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells>").Sheet("Hidden", "", state: "hidden");
    }

    private static byte[] File(System.IO.Compression.CompressionLevel level)
    {
        var maker = Maker();
        _ = maker.Bytes();
        using var file = new MemoryStream();
        using (var zip = new System.IO.Compression.ZipArchive(file, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in maker.Parts)
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        }

        return file.ToArray();
    }
}
