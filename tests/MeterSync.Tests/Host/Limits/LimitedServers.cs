using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MeterSync.Tests.Host.Limits;

/// <summary>A server that limits its callers, and whose clock stands still until the test moves it: no window ends because the machine is slow. The test server knows no addresses, so that callers say theirs as a trusted proxy would.</summary>
public class LimitedSqlite : SqliteServer
{
    public StillClock Clock { get; } = new();

    protected override Dictionary<string, string?> Settings => LimitedSettings.With(base.Settings);

    protected override void AdjustServices(IServiceCollection services) => services.AddSingleton<TimeProvider>(Clock);
}

public class LimitedPostgres : PostgresServer
{
    public StillClock Clock { get; } = new();

    protected override Dictionary<string, string?> Settings => LimitedSettings.With(base.Settings);

    protected override void AdjustServices(IServiceCollection services) => services.AddSingleton<TimeProvider>(Clock);
}

internal static class LimitedSettings
{
    public static Dictionary<string, string?> With(Dictionary<string, string?> settings) => new(settings) { ["RateLimits:Enabled"] = "true", ["Logging:LogLevel:MeterSync.Host.Limits"] = "None", ["Logging:LogLevel:MeterSync.Modules.Accounts"] = "None" };

    private static int addresses;

    /// <summary>A client from an address that no other client of the tests has.</summary>
    public static HttpClient From(ServerFixture server, string? address = null)
    {
        var client = server.Anonymous();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", address ?? Fresh());
        return client;
    }

    public static string Fresh()
    {
        var number = Interlocked.Increment(ref addresses);
        return $"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}";
    }
}
