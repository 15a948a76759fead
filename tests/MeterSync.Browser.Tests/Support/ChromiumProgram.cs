namespace MeterSync.Browser.Tests.Support;

/// <summary>The browser that tests drive.</summary>
internal static class ChromiumProgram
{
    /// <summary>Names another browser than Debian's Chromium.</summary>
    public const string BrowserVariable = "METERSYNC_TEST_BROWSER";

    /// <summary>Tests often run as root in a container, where Chromium has no sandbox; the others keep it from calling home.</summary>
    public static IReadOnlyList<string> Arguments { get; } =
    [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    public static string Path =>
        Environment.GetEnvironmentVariable(BrowserVariable) is { Length: > 0 } given ? given : "/usr/bin/chromium";
}
