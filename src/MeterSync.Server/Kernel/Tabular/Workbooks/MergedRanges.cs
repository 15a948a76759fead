using System.Globalization;

namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>Finds merged cells, which stand behind the rows of a sheet.</summary>
internal static class MergedRanges
{
    /// <summary>The first range that touches a row, or null.</summary>
    public static string? FindIn(WorkbookXml xml, int row)
    {
        while (xml.Read())
        {
            if (xml.IsElement && xml.Name == "mergeCell" && xml.Attribute("ref") is { } range && Touches(range, row))
            {
                return Excerpt.Of(range);
            }
        }
        return null;
    }

    private static bool Touches(string range, int row)
    {
        var colon = range.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && RowOf(range[..colon]) is { } first && RowOf(range[(colon + 1)..]) is { } last && first <= row && row <= last;
    }

    private static int? RowOf(string place) =>
        int.TryParse(place.AsSpan().TrimStart("ABCDEFGHIJKLMNOPQRSTUVWXYZ$"), NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? row : null;
}
