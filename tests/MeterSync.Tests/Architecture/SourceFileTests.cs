using System.Text.RegularExpressions;
using MeterSync.Tests.Contract;
using Xunit;

namespace MeterSync.Tests.Architecture;

/// <summary>What the source files themselves must keep to.</summary>
public sealed partial class SourceFileTests : IDisposable
{
    private const int MostLines = 500;
    private readonly DirectoryInfo planted = Directory.CreateTempSubdirectory("metersync-planted-");

    public void Dispose() => planted.Delete(recursive: true);

    [Fact]
    public void No_file_is_longer_than_500_lines()
    {
        File.WriteAllText(Path.Combine(planted.FullName, "Long.cs"), string.Concat(Enumerable.Repeat("// line\n", MostLines + 1)));
        Try(folder => Scan(folder, lines => lines.Length > MostLines ? $"has {lines.Length} lines" : null));
    }

    [Fact]
    public void No_file_leaves_work_for_later()
    {
        File.WriteAllText(Path.Combine(planted.FullName, "Later.cs"), "// " + "TO" + "DO: later\n");
        Try(folder => Scan(folder, lines => lines.FirstOrDefault(line => Later().IsMatch(line)) is { } line ? $"says '{line.Trim()}'" : null));
    }

    [Fact]
    public void No_exception_is_swallowed_without_a_word()
    {
        File.WriteAllText(Path.Combine(planted.FullName, "Swallows.cs"), "try { Go(); } catch (Exception) { }\n");
        Try(folder => Scan(folder, lines => EmptyCatch().Match(string.Join('\n', lines)) is { Success: true } match ? $"has '{match.Value.ReplaceLineEndings(" ")}'" : null));
    }

    private void Try(Func<string, Finding> rule)
    {
        rule(Path.Combine(Repository.Root, "src")).Require();
        Assert.Throws<RuleBrokenException>(() => rule(planted.FullName).Require());
        using var empty = new EmptyFolder();
        Assert.Throws<RuleBrokenException>(() => rule(empty.Path).Require());
    }

    private static Finding Scan(string folder, Func<string[], string?> breach)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".sql" && !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin")).ToList();
        return new Finding(files.Count, [.. files.Select(file => breach(File.ReadAllLines(file)) is { } found ? $"{file} {found}" : null).OfType<string>()]);
    }

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Later();

    [GeneratedRegex(@"catch\s*(\([^)]*\)\s*)?(when\s*\([^{]*\)\s*)?\{\s*\}")]
    private static partial Regex EmptyCatch();

    private sealed class EmptyFolder : IDisposable
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("metersync-empty-");

        public string Path => folder.FullName;

        public void Dispose() => folder.Delete();
    }
}
