using System.Text;
using MeterSync.Kernel.Tabular;
using Xunit;

namespace MeterSync.Tests.Kernel.Tabular;

public sealed class TextSnifferTests
{
    [Theory]
    [InlineData("Лічильник;Показник\nКиїв;1,5\n", "windows-1251")]
    [InlineData("address;value\nул. Ленина, 5;1,5\n", "windows-1251")]
    [InlineData("serial;town\nA1;Київ\n", "windows-1251")]
    [InlineData("serial;town\nA1;Їжакевича;Єнакієве\n", "windows-1251")]
    [InlineData("Zähler;Straße\nA1;Größe 5 m³\n", "windows-1252")]
    [InlineData("name;place\nX;café\n", "windows-1252")]
    [InlineData("name;price\nX;5 €\n", "windows-1252")]
    public async Task Tells_Cyrillic_from_Western_code_pages(string text, string codePage)
    {
        var bytes = TextSniffer.Named(codePage)!.GetBytes(text);
        Assert.Equal(codePage, TextSniffer.Sniff(bytes, isWhole: true)!.Encoding.WebName);
        var rows = await Tables.RowsAsync(bytes, new TableReadOptions { Delimiter = '\u0001' });
        Assert.Equal(text.TrimEnd('\n').Split('\n'), rows.Select(row => row[0]));
    }

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-8", false)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", false)]
    public async Task Reads_Unicode_with_and_without_a_mark(string name, bool marked)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. marked ? encoding.GetPreamble() : [], .. encoding.GetBytes("Лічильник;Straße\nКиїв;1\n")];
        var rows = await Tables.RowsAsync(bytes);
        Assert.Equal([["Лічильник", "Straße"], ["Київ", "1"]], rows);
    }

    [Fact]
    public void Accepts_UTF8_cut_in_the_middle_of_a_letter_but_not_at_the_end_of_the_file()
    {
        var cut = Encoding.UTF8.GetBytes("Київ")[..^1];
        Assert.Equal("utf-8", TextSniffer.Sniff(cut, isWhole: false)!.Encoding.WebName);
        Assert.NotEqual("utf-8", TextSniffer.Sniff(cut, isWhole: true)!.Encoding.WebName);
    }

    [Fact]
    public async Task Asks_again_where_a_long_ASCII_file_has_its_first_other_letter()
    {
        var ascii = Encoding.ASCII.GetBytes("serial;town\n" + string.Concat(Enumerable.Repeat("A1;Kyiv\n", 20_000)));
        var rows = await Tables.RowsAsync([.. ascii, .. TextSniffer.Named("windows-1251")!.GetBytes("B2;Київ\n")], drip: 50_000);
        Assert.Equal(["B2", "Київ"], rows[^1]);
    }

    [Fact]
    public async Task Reads_in_the_encoding_named_and_refuses_an_unknown_name()
    {
        var bytes = TextSniffer.Named("cp866")!.GetBytes("Лiчильник;ул\nКиев;1\n");
        Assert.Equal("Киев", (await Tables.RowsAsync(bytes, new TableReadOptions { Encoding = "cp866" }))[1][0]);
        Assert.Equal([["!import.unknown_encoding"]], await Tables.RowsAsync(bytes, new TableReadOptions { Encoding = "klingon" }));
        Assert.Null(TextSniffer.Named("utf-7"));
    }

    [Fact]
    public async Task Says_when_the_encoding_was_guessed()
    {
        await using var reader = await Tables.OpenAsync(TextSniffer.Named("windows-1251")!.GetBytes("serial_number;показник\nКиїв;1,5\n"));
        Assert.Contains(reader.Notes, note => note.Code == ImportCodes.EncodingGuessed && note.Message.Contains("windows-1251", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a;b;c\n1,5;2,5;3,5\n", ';')]
    [InlineData("a,b,c\n\"x;y;z\",2,3\n", ',')]
    [InlineData("a\tb\n1,5\t2;3\n", '\t')]
    [InlineData("a|b|c\n1|2|3\n", '|')]
    [InlineData("Reading, kWh;Serial\n1,5;77\n2,5;78\n", ';')]
    [InlineData("\"a;b;c;d\",\"x\ny\"\n\"1;1;1;1\",2\n", ',')]
    [InlineData("only\n1\n2\n", ',')]
    public void Finds_the_delimiter_by_its_consistency_outside_quotes(string text, char delimiter) =>
        Assert.Equal(delimiter, DelimiterSniffer.Sniff(text, isWhole: true));
}
