using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MeterSync.Tests.Scenarios.MainJob;

/// <summary>Time goes on as usual, from the moment given: readings of 2014 are fresh there.</summary>
internal sealed class ShiftedTime(DateTimeOffset start) : TimeProvider
{
    private readonly TimeSpan shift = start - System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + shift;
}

public sealed class SqliteServerIn2014 : SqliteServer
{
    protected override Dictionary<string, string?> Settings => MainJobSettings.With(base.Settings);

    protected override void AdjustServices(IServiceCollection services) => MainJobSettings.ShiftClock(services);
}

public sealed class PostgresServerIn2014 : PostgresServer
{
    protected override Dictionary<string, string?> Settings => MainJobSettings.With(base.Settings);

    protected override void AdjustServices(IServiceCollection services) => MainJobSettings.ShiftClock(services);
}

internal static class MainJobSettings
{
    /// <summary>A week after the file of the ten homes ends.</summary>
    public static readonly DateTimeOffset Now = new(2014, 3, 10, 9, 0, 0, TimeSpan.Zero);

    /// <summary>The organisation bills by the months of the homes' zone.</summary>
    public static Dictionary<string, string?> With(Dictionary<string, string?> settings) => new(settings) { ["Organisation:TimeZone"] = RealHome.Zone.Id };

    public static void ShiftClock(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(new ShiftedTime(Now)));
}
