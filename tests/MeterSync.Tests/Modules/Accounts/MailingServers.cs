using MeterSync.Tests.Host.Web;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MeterSync.Tests.Modules.Accounts;

/// <summary>A server that can send mail, with a clock moved by hand.</summary>
public interface IMailingServer
{
    MailSink Sink { get; }

    TestClock Clock { get; }
}

public class MailingSqlite : SqliteServer, IMailingServer
{
    public MailSink Sink { get; } = new();

    public TestClock Clock { get; } = new();

    protected override Dictionary<string, string?> Settings => Mailing.Settings(base.Settings, Sink, "open");

    protected override void AdjustServices(IServiceCollection services) => services.AddSingleton<TimeProvider>(Clock);

    protected override async Task StopOthersAsync() => await Sink.DisposeAsync();
}

public class MailingPostgres : PostgresServer, IMailingServer
{
    public MailSink Sink { get; } = new();

    public TestClock Clock { get; } = new();

    protected override Dictionary<string, string?> Settings => Mailing.Settings(base.Settings, Sink, "open");

    protected override void AdjustServices(IServiceCollection services) => services.AddSingleton<TimeProvider>(Clock);

    protected override async Task StopOthersAsync() => await Sink.DisposeAsync();
}

internal static class Mailing
{
    public static Dictionary<string, string?> Settings(Dictionary<string, string?> settings, MailSink sink, string registration)
    {
        sink.Start();
        return new(settings)
        {
            ["Mail:Host"] = "127.0.0.1",
            ["Mail:Port"] = sink.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Mail:StartTls"] = "false",
            ["Mail:From"] = "metersync@example.com",
            ["Accounts:Registration"] = registration,
            ["Accounts:PublicUrl"] = "https://meters.example.com",
        };
    }
}
