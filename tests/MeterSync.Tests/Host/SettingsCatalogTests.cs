using System.Text.RegularExpressions;
using MeterSync.Host;

namespace MeterSync.Tests.Host;

public sealed partial class SettingsCatalogTests
{
    [Fact]
    public void The_manual_lists_every_setting_with_its_default_and_variable_and_no_other()
    {
        var written = RowPattern().Matches(File.ReadAllText(Path.Combine(Root(), "docs", "config.md")))
            .Select(row => (row.Groups["key"].Value, row.Groups["default"].Value, row.Groups["variable"].Value)).Order().ToList();
        var known = SettingsCatalog.All.Select(setting => (setting.Key, setting.Default, setting.Variable)).Order().ToList();

        Assert.NotEmpty(known);
        Assert.Equal(known, written);
    }

    [Fact]
    public void Every_options_class_is_among_the_settings()
    {
        var bound = typeof(SettingsCatalog).Assembly.GetTypes().Where(type => type.GetField("Section") is { IsLiteral: true }).ToList();

        Assert.Contains(typeof(MeterSync.Store.StoreOptions), bound);
        Assert.All(bound, type => Assert.Contains(SettingsCatalog.All, setting => setting.Key.StartsWith(SettingsCatalog.PrefixOf(type)!, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Databse:WaitSeconds", "Database:WaitSeconds")]
    [InlineData("role", "Roles")]
    [InlineData("Accounts:AccesTokenMinute", "Accounts:AccessTokenMinutes")]
    public void The_nearest_key_is_the_one_that_was_meant(string typed, string meant) => Assert.Equal(meant, SettingsCatalog.Nearest(typed));

    [Theory]
    [InlineData("database:waitseconds", true)]
    [InlineData("Logging:LogLevel:Default", true)]
    [InlineData("Database", false)]
    [InlineData("Database:WaitSeconds:Extra", false)]
    public void A_key_is_known_in_any_case(string key, bool known) => Assert.Equal(known, SettingsCatalog.Knows(key));

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MeterSync.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("No MeterSync.slnx above the test program.");
    }

    [GeneratedRegex(@"^\| `(?<key>[A-Za-z0-9:]+)` \| (`(?<default>[^`]*)` )?\| `(?<variable>METERSYNC__\w+)` \| \S[^\n]* \|$", RegexOptions.Multiline)]
    private static partial Regex RowPattern();
}
