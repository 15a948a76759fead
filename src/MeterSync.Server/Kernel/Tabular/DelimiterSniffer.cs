using System.Text.RegularExpressions;

namespace MeterSync.Kernel.Tabular;

/// <summary>Finds the character between cells from the first lines of a text.</summary>
public static partial class DelimiterSniffer
{
    private const int RowsLookedAt = 20;

    // In this order: where a decimal comma makes semicolon and comma equally consistent, the semicolon is the delimiter.
    private static readonly char[] s_candidates = ['\t', ';', '|', ','];

    /// <summary>The delimiter that cuts the first rows most evenly; a comma when none cuts them at all.</summary>
    /// <param name="head">The first characters of the text, after any <c>sep=</c> line.</param>
    /// <param name="isWhole">True when nothing follows.</param>
    public static char Sniff(ReadOnlySpan<char> head, bool isWhole)
    {
        var best = ',';
        var bestScore = (Even: 0d, Cells: 1);
        foreach (var candidate in s_candidates)
        {
            var score = Score(head, isWhole, candidate);
            if (score.Cells > 1 && (score.Even > bestScore.Even || (score.Even == bestScore.Even && score.Cells > bestScore.Cells)))
            {
                (best, bestScore) = (candidate, score);
            }
        }
        return best;
    }

    /// <summary>Reads the line Excel understands as the choice of delimiter, such as <c>sep=;</c>.</summary>
    /// <param name="head">The first characters of the text.</param>
    /// <param name="delimiter">The delimiter chosen.</param>
    /// <param name="length">Characters of that line with its end.</param>
    public static bool TryReadSepLine(ReadOnlySpan<char> head, out char delimiter, out int length)
    {
        (delimiter, length) = ('\0', 0);
        // The pattern spans at most 12 characters.
        var match = SepLine().Match(head[..Math.Min(head.Length, 16)].ToString());
        if (!match.Success)
        {
            return false;
        }
        (delimiter, length) = (match.Groups["sign"].Value[0], match.Length);
        return true;
    }

    private static (double Even, int Cells) Score(ReadOnlySpan<char> head, bool isWhole, char delimiter)
    {
        using var scanner = new CsvScanner(delimiter, new TableLimits());
        int rows = 0, even = 0, cells = 0;
        while (rows < RowsLookedAt && scanner.Scan(head, isWhole, out var used) == ScanResult.Row)
        {
            head = head[used..];
            if (scanner.CellCount == 1 && scanner.Cell(0).IsWhiteSpace())
            {
                continue;
            }
            cells = rows == 0 ? scanner.CellCount : cells;
            even += scanner.CellCount == cells && scanner.Fault is null ? 1 : 0;
            rows++;
        }
        return rows == 0 ? (0, 0) : ((double)even / rows, cells);
    }

    [GeneratedRegex("^(\"?)sep=(?<sign>[^\"\\w\\r\\n\\0])\\1(\\r\\n|\\r|\\n|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SepLine();
}
