using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MeterSync.Kernel.Tabular;
using Xunit;

namespace MeterSync.Tests.Kernel.Tabular;

public sealed class TabularPropertyTests
{
    private static readonly char[] s_telling = ['"', ',', ';', '\t', '|', '\r', '\n', ' ', 'a', '1', '.', '-', '=', '\'', 'ж', 'é', '\uFEFF', "😀"[0], "😀"[1], '\u00A0', '/', ':'];

    [Fact]
    public void Never_throws_for_random_bytes()
    {
        var bytes = Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf();
        Prop.ForAll(bytes.ToArbitrary(), Survives).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(200));
    }

    [Fact]
    public void Never_throws_for_rows_of_random_cells_under_a_good_header()
    {
        var text = Gen.Elements(s_telling).ArrayOf().Select(chars => new string(chars));
        Prop.ForAll(text.ToArbitrary(), cells => Survives(Encoding.UTF8.GetBytes("serial_number;value;date;lat;note\n" + cells))).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(200));
        Prop.ForAll(text.ToArbitrary(), cells => Survives(Encoding.Unicode.GetBytes("serial_number;value;date;lat;note\nA;" + cells + ";" + cells))).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(200));
    }

    [Fact]
    public void Reads_back_the_cells_it_wrote()
    {
        var cell = Gen.OneOf(Gen.Elements(s_telling).ArrayOf().Select(chars => new string(chars)), ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""));
        var tables = cell.NonEmptyListOf().Select(row => row.ToArray()).NonEmptyListOf();
        Prop.ForAll(tables.ToArbitrary(), Gen.Elements(',', ';', '\t', '|').ToArbitrary(), ReadsBack).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(200));
    }

    [Fact]
    public void Takes_off_the_guard_it_put_before_a_formula() =>
        Prop.ForAll(
            Gen.Elements(s_telling).ArrayOf().Select(chars => new string(chars)).ToArbitrary(),
            text => FormulaGuard.Unescape(FormulaGuard.Escape(text)).SequenceEqual(text)).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(200));

    [Fact]
    public void Reads_back_every_number_it_wrote_in_either_sign() =>
        Prop.ForAll(ArbMap.Default.ArbFor<decimal>(), Gen.Elements(DecimalSign.Point, DecimalSign.Comma).ToArbitrary(), (value, sign) =>
        {
            var row = Written(new TableWriteOptions { Delimiter = ';', DecimalSign = sign }, writer => writer.Number(value))[0];
            return NumberCells.TryDecimal(row[0], sign, out var read, out var fault) ? read == value : fault!.Code == ImportCodes.NumberTooLong;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(200));

    private static bool Survives(byte[] bytes)
    {
        var reader = Tables.OpenAsync(bytes).AsTask().GetAwaiter().GetResult();
        _ = Tables.DrainAsync(reader).GetAwaiter().GetResult();
        return reader.Problems.All(problem => problem.Message.Length > 0 && problem.Code.StartsWith("import.", StringComparison.Ordinal));
    }

    private static bool ReadsBack(IList<string[]> table, char delimiter)
    {
        var rows = Written(new TableWriteOptions { Delimiter = delimiter, GuardFormulas = false }, writer =>
        {
            for (var i = 0; i < table.Count; i++)
            {
                writer.Texts(table[i]);
                if (i + 1 < table.Count)
                {
                    writer.EndRowAsync().AsTask().GetAwaiter().GetResult();
                }
            }
        });
        return rows.Count == table.Count && rows.Zip(table).All(pair => pair.First.SequenceEqual(pair.Second.Select(AsStored)));
    }

    // No encoding holds half a surrogate pair, and a binary zero is refused as a mark of binary files.
    private static string AsStored(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');

    private static List<string[]> Written(TableWriteOptions options, Action<TableWriter> write)
    {
        var stream = new MemoryStream();
        // The mark keeps a first cell that begins with one from being taken for it.
        var writer = new TableWriter(stream, options with { WithByteOrderMark = true });
        write(writer);
        writer.EndRowAsync().AsTask().GetAwaiter().GetResult();
        writer.CompleteAsync().AsTask().GetAwaiter().GetResult();
        return Tables.RowsAsync(stream.ToArray(), new TableReadOptions { Delimiter = options.Delimiter }).GetAwaiter().GetResult();
    }
}
