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

    /// <summary>The built program does not show where a constant came from; the source does.</summary>
    [Fact]
    public void No_slice_names_another_one_of_its_module()
    {
        foreach (var slice in (string[])["OpenThing", "CloseThing"])
        {
            var folder = planted.CreateSubdirectory(Path.Combine("Modules", "Alpha", slice));
            File.WriteAllText(Path.Combine(folder.FullName, $"{slice}Endpoint.cs"), "using MeterSync.Modules.Alpha.CloseThing;\n");
        }

        Try(SlicesNamedByOthers);
    }

    private static Finding SlicesNamedByOthers(string folder)
    {
        var slices = Directory.EnumerateFiles(folder, "*Endpoint.cs", SearchOption.AllDirectories).Select(file => new FileInfo(file).Directory!).DistinctBy(slice => slice.FullName).ToList();
        var breaches = from slice in slices
                       from other in slices
                       where slice.FullName != other.FullName && slice.Parent!.FullName == other.Parent!.FullName
                       from file in slice.EnumerateFiles("*.cs")
                       where File.ReadLines(file.FullName).Contains($"using MeterSync.Modules.{other.Parent!.Name}.{other.Name};")
                       select $"{file.FullName} names {other.Name}";
        return new Finding(slices.Count, [.. breaches]);
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
