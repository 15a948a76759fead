using System.Buffers.Binary;

namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>What ExcelDataReader does not tell of an .xls workbook: which cells hold a failed formula, and from when its days are counted.</summary>
internal sealed class OldWorkbookFacts
{
    private const int MostErrors = 100_000;
    private const int LongestRecord = 8_228;
    private const ushort Begin = 0x0809, End = 0x000A, DateMode = 0x0022, Password = 0x002F, SheetPlace = 0x0085, BooleanOrError = 0x0205, Formula = 0x0006, SheetKind = 0x0010;

    private readonly List<uint> _places = [];
    private readonly Dictionary<uint, Dictionary<(int Row, int Column), byte>> _errors = [];
    private int _count;

    /// <summary>Null where it cannot be seen.</summary>
    public bool? CountsFrom1904 { get; private set; }

    /// <summary>What a cell with a failed formula shows, or null.</summary>
    /// <param name="sheet">Number of the sheet, the first is 0.</param>
    public string? ErrorAt(int sheet, int row, int column) =>
        (uint)sheet < (uint)_places.Count && _errors.TryGetValue(_places[sheet], out var errors) && errors.TryGetValue((row, column), out var code) ? Shown(code) : null;

    /// <summary>Goes through the records of the workbook's stream.</summary>
    public void Read(Stream records)
    {
        var (header, body) = (new byte[4], new byte[LongestRecord]);
        var (place, depth, sheet) = (0L, 0, 0u);
        while (records.ReadAtLeast(header, 4, throwOnEndOfStream: false) == 4)
        {
            var (kind, length) = (BinaryPrimitives.ReadUInt16LittleEndian(header), BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(2)));
            if (length > LongestRecord || kind == Password || records.ReadAtLeast(body.AsSpan(0, length), length, throwOnEndOfStream: false) < length)
            {
                return;
            }
            switch (kind)
            {
                case Begin when depth++ == 0:
                    sheet = BinaryPrimitives.ReadUInt16LittleEndian(body.AsSpan(2)) == SheetKind ? (uint)place : 0;
                    break;
                case End:
                    depth--;
                    break;
                case DateMode when length >= 2:
                    CountsFrom1904 = body[0] == 1;
                    break;
                case SheetPlace when length > 6 && body[5] == 0:
                    _places.Add(BinaryPrimitives.ReadUInt32LittleEndian(body));
                    break;
                case BooleanOrError when length >= 8 && body[7] == 1:
                    Keep(sheet, body, body[6]);
                    break;
                case Formula when length >= 14 && body[6] == 2 && body[12] == 0xFF && body[13] == 0xFF:
                    Keep(sheet, body, body[8]);
                    break;
                default:
                    break;
            }
            place += 4 + length;
        }
    }

    private void Keep(uint sheet, byte[] body, byte code)
    {
        if (++_count > MostErrors)
        {
            throw WorkbookException.TooLarge($"it has more than {MostErrors} failed formulas");
        }
        if (!_errors.TryGetValue(sheet, out var errors))
        {
            _errors[sheet] = errors = [];
        }
        errors[(BinaryPrimitives.ReadUInt16LittleEndian(body), BinaryPrimitives.ReadUInt16LittleEndian(body.AsSpan(2)))] = code;
    }

    private static string Shown(byte code) => code switch
    {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        _ => "#ERROR",
    };
}
