using System.Globalization;
using System.IO.Packaging;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;

namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>What stands around the cells of a written workbook: how sheets look, what they are called, and the parts that hold them together.</summary>
internal static class SheetParts
{
    public const string SheetContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";

    /// <summary>Places in the list of <see cref="Styles"/>.</summary>
    public const string HeadingStyle = "1", InstantStyle = "2", DateStyle = "3";

    private const string MainContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
    private const string StylesContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const int LongestName = 31;
    private const uint InstantFormat = 164, DateFormat = 165;

    /// <summary>A, B ... Z, AA ...; the first is 0.</summary>
    public static string LettersOf(int column)
    {
        var letters = "";
        for (var rest = column + 1; rest > 0; rest = (rest - 1) / 26)
        {
            letters = (char)('A' + ((rest - 1) % 26)) + letters;
        }
        return letters;
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

    /// <summary>The frozen headings and the widths.</summary>
    public static void WriteView(OpenXmlWriter xml, IReadOnlyList<SinkColumn> columns, bool isFirst)
    {
        var pane = new Pane { VerticalSplit = 1, TopLeftCell = "A2", ActivePane = PaneValues.BottomLeft, State = PaneStateValues.Frozen };
        xml.WriteElement(new SheetViews(new SheetView(pane) { WorkbookViewId = 0, TabSelected = isFirst ? true : null }));
        if (columns.Count > 0)
        {
            xml.WriteElement(new Columns(columns.Select((column, index) => new Column { Min = (uint)index + 1, Max = (uint)index + 1, Width = WidthOf(column), CustomWidth = true })));
        }
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

    private static Stylesheet Styles() => new(
        new NumberingFormats(
            new NumberingFormat { NumberFormatId = InstantFormat, FormatCode = "yyyy\\-mm\\-dd\\ hh:mm:ss" },
            new NumberingFormat { NumberFormatId = DateFormat, FormatCode = "yyyy\\-mm\\-dd" }) { Count = 2 },
        new Fonts(PlainFont(), new Font(new Bold(), new FontSize { Val = 11 }, new FontName { Val = "Calibri" })) { Count = 2 },
        new Fills(new Fill(new PatternFill { PatternType = PatternValues.None }), new Fill(new PatternFill { PatternType = PatternValues.Gray125 })) { Count = 2 },
        new Borders(new Border(new LeftBorder(), new RightBorder(), new TopBorder(), new BottomBorder(), new DiagonalBorder())) { Count = 1 },
        new CellStyleFormats(new CellFormat { NumberFormatId = 0, FontId = 0, FillId = 0, BorderId = 0 }) { Count = 1 },
        new CellFormats(
            new CellFormat { NumberFormatId = 0, FontId = 0, FillId = 0, BorderId = 0, FormatId = 0 },
            new CellFormat { NumberFormatId = 0, FontId = 1, FillId = 0, BorderId = 0, FormatId = 0, ApplyFont = true },
            new CellFormat { NumberFormatId = InstantFormat, FontId = 0, FillId = 0, BorderId = 0, FormatId = 0, ApplyNumberFormat = true },
            new CellFormat { NumberFormatId = DateFormat, FontId = 0, FillId = 0, BorderId = 0, FormatId = 0, ApplyNumberFormat = true }) { Count = 4 },
        new CellStyles(new CellStyle { Name = "Normal", FormatId = 0, BuiltinId = 0 }) { Count = 1 });

    private static Font PlainFont() => new(new FontSize { Val = 11 }, new FontName { Val = "Calibri" });

    private static double WidthOf(SinkColumn column)
    {
        var content = column.Kind switch
        {
            SinkColumnKind.Words => 32,
            SinkColumnKind.Number => 14,
            SinkColumnKind.Date => 12,
            SinkColumnKind.Instant => 20,
            SinkColumnKind.Id => 38,
            SinkColumnKind.YesNo => 8,
            _ => 16,
        };
        // Room for the button of the filter.
        return Math.Max(content, Math.Min(column.Name.Length, 40) + 4);
    }
}
