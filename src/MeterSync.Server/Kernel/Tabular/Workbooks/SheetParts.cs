using System.Globalization;
using System.IO.Packaging;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;

namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>What stands around the cells of a written workbook: how sheets look, what they are called, and the parts that hold them together.</summary>
internal static class SheetParts
{
    public const string SheetContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";

    private const string MainContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
    private const string StylesContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const int LongestName = 31;
    private const uint InstantFormat = 164, DateFormat = 165;

    /// <summary>A, B ... Z, AA ...; the first is 0.</summary>
    public static byte[] LettersOf(int column)
    {
        var letters = new List<byte>();
        for (var rest = column + 1; rest > 0; rest = (rest - 1) / 26)
        {
            letters.Insert(0, (byte)('A' + ((rest - 1) % 26)));
        }
        return [.. letters];
    }

    /// <summary>A name that a sheet may have and no other one has.</summary>
    public static string NameOf(string title, int part, List<string> taken)
    {
        var plain = new string([.. title.Where(c => c is not ('\\' or '/' or '?' or '*' or '[' or ']' or ':') && !char.IsControl(c))]).Trim('\'', ' ');
        plain = plain.Length == 0 ? "Table" : plain;
        for (var number = part; ; number++)
        {
            var end = number == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" {number}");
            var name = plain[..Math.Min(plain.Length, LongestName - end.Length)] + end;
            if (!taken.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                return name;
            }
        }
    }

    /// <summary>A sheet up to its rows: frozen headings and widths.</summary>
    public static void WriteHead(SheetXml xml, IReadOnlyList<SinkColumn> columns, bool isFirst)
    {
        xml.Markup("<?xml version=\"1.0\" encoding=\"utf-8\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetViews><sheetView"u8);
        xml.Markup(isFirst ? " tabSelected=\"1\""u8 : default);
        xml.Markup(" workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>"u8);
        for (var index = 0; index < columns.Count; index++)
        {
            xml.Markup(index == 0 ? "<cols><col min=\""u8 : "<col min=\""u8);
            xml.Value(index + 1);
            xml.Markup("\" max=\""u8);
            xml.Value(index + 1);
            xml.Markup("\" width=\""u8);
            xml.Value(WidthOf(columns[index]));
            xml.Markup(index == columns.Count - 1 ? "\" customWidth=\"1\"/></cols>"u8 : "\" customWidth=\"1\"/>"u8);
        }
        xml.Markup("<sheetData>"u8);
    }

    /// <summary>Workbook and styles, once all sheets are written.</summary>
    public static void WriteWorkbook(Package package, List<(string Name, string Relation)> sheets)
    {
        var (main, styles) = (new Uri("/xl/workbook.xml", UriKind.Relative), new Uri("/xl/styles.xml", UriKind.Relative));
        var workbook = package.CreatePart(main, MainContentType, CompressionOption.Fast);
        using (var stream = workbook.GetStream(FileMode.Create, FileAccess.Write))
        using (var xml = OpenXmlWriter.Create(stream))
        {
            xml.WriteStartDocument();
            xml.WriteElement(new Workbook(new Sheets(sheets.Select((sheet, index) => new Sheet { Name = sheet.Name, SheetId = (uint)index + 1, Id = sheet.Relation }))));
        }
        for (var index = 0; index < sheets.Count; index++)
        {
            workbook.CreateRelationship(new Uri(string.Create(CultureInfo.InvariantCulture, $"worksheets/sheet{index + 1}.xml"), UriKind.Relative), TargetMode.Internal, Relations + "/worksheet", sheets[index].Relation);
        }
        workbook.CreateRelationship(new Uri("styles.xml", UriKind.Relative), TargetMode.Internal, Relations + "/styles", "rIdStyles");
        package.CreateRelationship(new Uri("xl/workbook.xml", UriKind.Relative), TargetMode.Internal, Relations + "/officeDocument", "rId1");

        var part = package.CreatePart(styles, StylesContentType, CompressionOption.Fast);
        using var output = part.GetStream(FileMode.Create, FileAccess.Write);
        using var text = OpenXmlWriter.Create(output);
        text.WriteStartDocument();
        text.WriteElement(Styles());
    }

    /// <summary>Cells name them by number: 0 plain, 1 a heading, 2 an instant, 3 a day.</summary>
    private static Stylesheet Styles() => new(
        new NumberingFormats(
            new NumberingFormat { NumberFormatId = InstantFormat, FormatCode = "yyyy\\-mm\\-dd\\ hh:mm:ss" },
            new NumberingFormat { NumberFormatId = DateFormat, FormatCode = "yyyy\\-mm\\-dd" }),
        new Fonts(PlainFont(), new Font(new Bold(), new FontSize { Val = 11 }, new FontName { Val = "Calibri" })) { Count = 2 },
        new Fills(new Fill(new PatternFill { PatternType = PatternValues.None }), new Fill(new PatternFill { PatternType = PatternValues.Gray125 })) { Count = 2 },
        new Borders(new Border(new LeftBorder(), new RightBorder(), new TopBorder(), new BottomBorder(), new DiagonalBorder())) { Count = 1 },
        new CellStyleFormats(new CellFormat { NumberFormatId = 0, FontId = 0, FillId = 0, BorderId = 0 }) { Count = 1 },
        new CellFormats(
            new CellFormat { NumberFormatId = 0, FontId = 0, FillId = 0, BorderId = 0, FormatId = 0 },
            new CellFormat { NumberFormatId = 0, FontId = 1, FillId = 0, BorderId = 0, FormatId = 0, ApplyFont = true },
            new CellFormat { NumberFormatId = InstantFormat, FontId = 0, FillId = 0, BorderId = 0, FormatId = 0, ApplyNumberFormat = true },
            new CellFormat { NumberFormatId = DateFormat, FontId = 0, FillId = 0, BorderId = 0, FormatId = 0, ApplyNumberFormat = true }),
        new CellStyles(new CellStyle { Name = "Normal", FormatId = 0, BuiltinId = 0 }) { Count = 1 });

    private static Font PlainFont() => new(new FontSize { Val = 11 }, new FontName { Val = "Calibri" });

    private static int WidthOf(SinkColumn column)
    {
        var content = column.Kind switch
        {
            SinkColumnKind.Words => 32,
            SinkColumnKind.Number => 14,
            SinkColumnKind.Date => 12,
            SinkColumnKind.Instant => 20,
            SinkColumnKind.Id => 38,
            SinkColumnKind.YesNo => 8,
            SinkColumnKind.Picture => 24,
            _ => 16,
        };
        // Room for the button of the filter.
        return Math.Max(content, Math.Min(column.Name.Length, 40) + 4);
    }
}
