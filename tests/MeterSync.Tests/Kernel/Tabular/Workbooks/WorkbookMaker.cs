using System.Globalization;
using System.IO.Compression;
using System.Security;
using System.Text;

namespace MeterSync.Tests.Kernel.Tabular.Workbooks;

/// <summary>Makes .xlsx files part by part, right or wrong ones.</summary>
internal sealed class WorkbookMaker
{
    private readonly List<(string Name, string State, string Rows, string After)> _sheets = [];
    private readonly List<string> _strings = [];

    public bool From1904 { get; init; }

    /// <summary>Entries beside the usual ones, or instead of them.</summary>
    public Dictionary<string, byte[]> Parts { get; } = [];

    /// <summary>Left out of the archive.</summary>
    public HashSet<string> Missing { get; } = [];

    /// <summary>A table of words, headings first.</summary>
    public static byte[] Of(params string[][] rows) => new WorkbookMaker().Sheet("Sheet1", string.Concat(rows.Select(row => Row([.. row.Select(Text)])))).Bytes();

    public WorkbookMaker Sheet(string name, string rows, string state = "visible", string after = "")
    {
        _sheets.Add((name, state, rows, after));
        return this;
    }

    /// <summary>A cell of a word that stands in the list of words.</summary>
    public string Shared(string text)
    {
        _strings.Add(text);
        return string.Create(CultureInfo.InvariantCulture, $"<c t=\"s\"><v>{_strings.Count - 1}</v></c>");
    }

    public static string Text(string text) => text.Length == 0 ? "<c/>" : $"<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{SecurityElement.Escape(text)}</t></is></c>";

    public static string Number(string stored) => $"<c><v>{stored}</v></c>";

    /// <summary>A number that is shown as a date.</summary>
    public static string Date(string stored) => $"<c s=\"1\"><v>{stored}</v></c>";

    public static string Row(params string[] cells) => $"<row>{string.Concat(cells)}</row>";

    public byte[] Bytes()
    {
        const string main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const string relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const string packages = "http://schemas.openxmlformats.org/package/2006/relationships";
        var sheets = _sheets.Select((sheet, index) => $"<sheet name=\"{SecurityElement.Escape(sheet.Name)}\" sheetId=\"{index + 1}\" state=\"{sheet.State}\" r:id=\"rId{index + 1}\"/>");
        Add("_rels/.rels", $"<Relationships xmlns=\"{packages}\"><Relationship Id=\"rId1\" Type=\"{relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
        Add("xl/workbook.xml", $"<workbook xmlns=\"{main}\" xmlns:r=\"{relations}\"><workbookPr{(From1904 ? " date1904=\"1\"" : "")}/><sheets>{string.Concat(sheets)}</sheets></workbook>");
        Add("xl/_rels/workbook.xml.rels", $"<Relationships xmlns=\"{packages}\">{string.Concat(_sheets.Select((_, index) => $"<Relationship Id=\"rId{index + 1}\" Type=\"{relations}/worksheet\" Target=\"worksheets/sheet{index + 1}.xml\"/>"))}<Relationship Id=\"rIdS\" Type=\"{relations}/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/><Relationship Id=\"rIdT\" Type=\"{relations}/styles\" Target=\"styles.xml\"/></Relationships>");
        Add("xl/sharedStrings.xml", $"<sst xmlns=\"{main}\">{string.Concat(_strings.Select(text => $"<si><t xml:space=\"preserve\">{SecurityElement.Escape(text)}</t></si>"))}</sst>");
        Add("xl/styles.xml", $"<styleSheet xmlns=\"{main}\"><numFmts><numFmt numFmtId=\"170\" formatCode=\"[$-419]dd\\.mm\\.yyyy\\ hh:mm\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"170\"/><xf numFmtId=\"14\"/><xf numFmtId=\"9\"/></cellXfs></styleSheet>");
        for (var index = 0; index < _sheets.Count; index++)
        {
            Add($"xl/worksheets/sheet{index + 1}.xml", $"<worksheet xmlns=\"{main}\"><cols><col min=\"1\" max=\"1\" hidden=\"1\"/></cols><sheetData>{_sheets[index].Rows}</sheetData>{_sheets[index].After}</worksheet>");
        }

        return Zip(Parts.Where(part => !Missing.Contains(part.Key)));

        void Add(string name, string xml) => Parts.TryAdd(name, Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + xml));
    }

    public static byte[] Zip(IEnumerable<KeyValuePair<string, byte[]>> parts)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in parts)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(bytes);
            }
        }

        return file.ToArray();
    }
}
