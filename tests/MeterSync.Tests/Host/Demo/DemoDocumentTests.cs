using System.Text.RegularExpressions;
using MeterSync.Host.Demo;
using MeterSync.Tests.Contract;
using Xunit;

namespace MeterSync.Tests.Host.Demo;

public sealed partial class DemoDocumentTests
{
    [Fact]
    public void Names_every_told_meter_with_its_case()
    {
        var said = CaseRow().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "demo.md")))
            .SelectMany(row => Serial().Matches(row.Groups[2].Value).Select(serial => (Case: row.Groups[1].Value, Serial: serial.Value)))
            .Order();
        var made = DemoFleet.Build(DemoFleet.Seed, new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero))
            .Where(meter => DemoCase.NeedsEveryVisit(meter.Case))
            .Select(meter => (Case: meter.Case!, Serial: meter.SerialNumber))
            .Order();

        Assert.Equal(made, said);
    }

    [GeneratedRegex(@"^\| `(\w+)` \| ([^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex CaseRow();

    [GeneratedRegex("(EL|WA|GA|HE)-[0-9]+")]
    private static partial Regex Serial();
}
