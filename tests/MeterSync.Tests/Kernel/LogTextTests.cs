using MeterSync.Host;
using MeterSync.Kernel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace MeterSync.Tests.Kernel;

public sealed class LogTextTests
{
    [Theory]
    [InlineData("plain words, Київ 🙂", "plain words, Київ 🙂")]
    [InlineData("a\r\nfail: forged", "a  fail: forged")]
    [InlineData("\u001b[2J", "\\u001b[2J")]
    [InlineData("a\u0085b\u2028c\u202ed\u0000", "a\\u0085b\\u2028c\\u202ed\\u0000")]
    public void Stays_on_its_line(string text, string line) => Assert.Equal(line, LogText.OneLine(text));

    [Fact]
    public void An_entry_for_a_person_is_one_line_whatever_stands_in_it()
    {
        using var text = new StringWriter { NewLine = "\n" };
        var entry = new LogEntry<string>(LogLevel.Warning, "MeterSync.Thing", new EventId(3), "path /a\r\nfail: forged\u001b[31m", new InvalidOperationException("one\ntwo"), (state, _) => state);
        new PlainConsole().Write(entry, null, text);
        Assert.Equal("warn: MeterSync.Thing[3] path /a  fail: forged\\u001b[31m System.InvalidOperationException: one two\n", text.ToString());
    }
}
