using System.Text.RegularExpressions;
using MeterSync.Host;
using MeterSync.Host.Configuration;
using MeterSync.Tests.Contract;
using Xunit;

namespace MeterSync.Tests.Host.Configuration;

public sealed partial class EnvironmentExampleTests
{
    private static readonly List<(string Name, string Value)> Written =
        [.. LinePattern().Matches(File.ReadAllText(Path.Combine(Repository.Root, ".env.example"))).Select(line => (line.Groups["name"].Value, line.Groups["value"].Value))];

    [Fact]
    public void Every_alias_stands_in_the_example_once_and_nothing_that_is_none()
    {
        var others = Written.Select(line => line.Name).Where(name => !name.StartsWith("METERSYNC_", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        Assert.Equal(SeedAliases.All.Select(alias => alias.Name).Order(StringComparer.Ordinal), others);
    }

    [Fact]
    public void Our_own_names_in_the_example_are_settings()
    {
        var own = Written.Select(line => line.Name).Where(name => name.StartsWith("METERSYNC_", StringComparison.Ordinal) && name != "METERSYNC_DATA").ToList();
        Assert.NotEmpty(own);
        Assert.Equal([], own.Where(name => !SettingsCatalog.All.Any(setting => setting.Variable == name)));
    }

    [Fact]
    public void Every_value_of_the_example_can_be_read()
    {
        var variables = Written.Where(line => line.Value.Length > 0).ToDictionary(line => line.Name, line => line.Value);
        Assert.NotEmpty(AliasReading.Of(variables, []).Settings);
    }

    [GeneratedRegex(@"^#(?<name>[A-Z][A-Za-z0-9_]+)=(?<value>\S*)$", RegexOptions.Multiline)]
    private static partial Regex LinePattern();
}
