using System.IO.Compression;
using System.Text;

namespace MeterSync.Bench.Fleet;

/// <summary>Writes a fleet's meters as a workbook in the way Excel does: words stand in a list of their own, and cells name them by number.</summary>
internal static class FleetWorkbook
{
    private const string Main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Packages = "http://schemas.openxmlformats.org/package/2006/relationships";

    public static void WriteMeters(MeterFleet fleet, string path)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        Write(zip, "_rels/.rels", file => file.Write($"<Relationships xmlns=\"{Packages}\"><Relationship Id=\"rId1\" Type=\"{Relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"));
        Write(zip, "xl/workbook.xml", file => file.Write($"<workbook {Main} xmlns:r=\"{Relations}\"><sheets><sheet name=\"Meters\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"));
        Write(zip, "xl/_rels/workbook.xml.rels", file => file.Write($"<Relationships xmlns=\"{Packages}\"><Relationship Id=\"rId1\" Type=\"{Relations}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"{Relations}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"));
        Write(zip, "xl/worksheets/sheet1.xml", file =>
        {
            file.Write($"<worksheet {Main}><sheetData>");
            WriteRow(file, 1, FleetFiles.MeterHeadings, numbers);
            foreach (var meter in fleet.Meters)
                WriteRow(file, meter.Index + 2, FleetFiles.MeterRow(meter), numbers);
            file.Write("</sheetData></worksheet>");
        });
        Write(zip, "xl/sharedStrings.xml", file =>
        {
            file.Write($"<sst {Main}>");
            foreach (var (word, _) in numbers.OrderBy(pair => pair.Value))
                file.Write($"<si><t>{word}</t></si>");
            file.Write("</sst>");
        });
    }

    private static void WriteRow(StreamWriter file, int row, string cells, Dictionary<string, int> numbers)
    {
        file.Write($"<row r=\"{row}\" spans=\"1:11\">");
        var column = 'A';
        foreach (var cell in cells.Split(','))
        {
            if (double.TryParse(cell, System.Globalization.CultureInfo.InvariantCulture, out _))
            {
                file.Write($"<c r=\"{column++}{row}\"><v>{cell}</v></c>");
                continue;
            }
            numbers.TryAdd(cell, numbers.Count);
            file.Write($"<c r=\"{column++}{row}\" t=\"s\"><v>{numbers[cell]}</v></c>");
        }
        file.Write("</row>");
    }

    private static void Write(ZipArchive zip, string name, Action<StreamWriter> write)
    {
        using var file = new StreamWriter(zip.CreateEntry(name, CompressionLevel.Fastest).Open(), new UTF8Encoding(false));
        write(file);
    }
}
