using MeterSync.Tests.Support;

namespace MeterSync.Tests.Contract;

/// <summary>The table of docs/permissions.md: what a cell says of one operation for one role.</summary>
public sealed class PermissionTable
{
    public static readonly string[] Words = ["yes", "all", "scope", "own", "self", "started", "whole", "no"];
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> rows = [];

    private PermissionTable(IReadOnlyList<string> lines)
    {
        var head = Cells(lines.Single(line => line.StartsWith("| Operation |", StringComparison.Ordinal)));
        foreach (var cells in lines.SkipWhile(line => !line.StartsWith("| Operation |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|')).Select(Cells))
        {
            rows.Add(cells[0], head.Zip(cells).Skip(1).ToDictionary(pair => pair.First, pair => pair.Second));
        }
    }

    public IReadOnlyCollection<string> Operations => rows.Keys;

    public static PermissionTable Read() => new(File.ReadAllLines(Path.Combine(Repository.Root, "docs", "permissions.md")));

    public string Cell(string operation, string role) => rows[operation][role];

    private static string[] Cells(string line) => [.. line.Trim('|').Split('|').Select(cell => cell.Trim())];
}
