namespace MeterSync.Host.Health;

/// <summary>How the server and each thing it needs are doing.</summary>
/// <param name="Status">healthy or unhealthy.</param>
/// <param name="Version">Of the program.</param>
/// <param name="UptimeSeconds">Since this process began to serve.</param>
/// <param name="Dependencies">Name to state.</param>
internal sealed record HealthReport(string Status, string Version, double UptimeSeconds, IReadOnlyDictionary<string, DependencyHealth> Dependencies)
{
    public const string Healthy = "healthy";
    public const string Unhealthy = "unhealthy";
}

/// <param name="Status">healthy or unhealthy.</param>
/// <param name="Message">What is wrong and the fix, or what was seen.</param>
/// <param name="Milliseconds">How long the check took.</param>
internal sealed record DependencyHealth(string Status, string Message, double Milliseconds);
