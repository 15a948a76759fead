using System.Text.RegularExpressions;

namespace MeterSync.Tests.Contract;

/// <summary>The rows of docs/problems.md.</summary>
public static partial class ProblemCatalogue
{
    private static readonly Lazy<IReadOnlyDictionary<string, int>> Rows = new(() =>
        Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "problems.md"))).ToDictionary(row => row.Groups["code"].Value, row => int.Parse(row.Groups["status"].Value, System.Globalization.CultureInfo.InvariantCulture)));

    public static IReadOnlyDictionary<string, int> Statuses => Rows.Value;

    public static IReadOnlySet<string> Codes { get; } = Statuses.Keys.ToHashSet();

    [GeneratedRegex(@"^\| `(?<code>[a-z_.0-9]+)` \| (?<status>\d{3}) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}

/// <summary>The source tree these tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MeterSync.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the source tree.");
    }
}
