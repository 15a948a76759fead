using Xunit;

namespace MeterSync.Tests.Scenarios.MainJob;

/// <summary>Real series kept beside the project, not in it: their licence is for tests only.</summary>
internal static class SharedData
{
    private const string Homes = "shared/data/series/sgsc_smart_meter10.csv";

    /// <summary>The ten homes; the test is skipped where the file is not beside the project.</summary>
    public static IReadOnlyList<RealHome> TenHomes()
    {
        var path = Find();
        Assert.SkipWhen(path is null, $"../{Homes} is not beside the project.");
        using var file = File.OpenText(path!);
        return RealHome.ReadAll(file);
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, Homes);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
