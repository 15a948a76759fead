namespace MeterSync.Browser.Tests.Support;

/// <summary>The working tree that the tests were built in.</summary>
internal static class Repository
{
    /// <exception cref="InvalidOperationException">The tests run outside of one.</exception>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MeterSync.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No MeterSync.slnx above {AppContext.BaseDirectory}.");
    }
}
