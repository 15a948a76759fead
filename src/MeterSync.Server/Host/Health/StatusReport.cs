namespace MeterSync.Host.Health;

/// <summary>How the server is, in a word.</summary>
/// <param name="Status">healthy or unhealthy, at most five seconds old.</param>
/// <param name="Version">Of the program.</param>
/// <param name="UptimeSeconds">Since this process began to serve.</param>
/// <param name="ServerTime">The server's clock.</param>
internal sealed record StatusReport(string Status, string Version, double UptimeSeconds, DateTimeOffset ServerTime);
