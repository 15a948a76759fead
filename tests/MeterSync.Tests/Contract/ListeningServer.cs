using System.Net;
using MeterSync.Tests.Support;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Contract;

/// <summary>A server behind a real port: body limits, chunks and broken requests are Kestrel's to judge.</summary>
internal static class Listening
{
    public static void OnLoopback(IServiceCollection services)
    {
        services.Remove(services.Last(service => service.ServiceType == typeof(IServer) && service.ImplementationType?.Namespace != typeof(KestrelServer).Namespace));
        services.Configure<KestrelServerOptions>(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
    }

    public static Uri AddressOf(ServerFixture server) =>
        new(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static HttpClient ClientOf(ServerFixture server)
    {
        Assert.IsNotType<TestServer>(server.Services.GetRequiredService<IServer>());
        return new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, Expect100ContinueTimeout = TimeSpan.FromSeconds(5) }) { BaseAddress = AddressOf(server) };
    }
}

public class ListeningOnSqlite : SqliteServer
{
    protected override void AdjustServices(IServiceCollection services) => Listening.OnLoopback(services);
}

public class ListeningOnPostgres : PostgresServer
{
    protected override void AdjustServices(IServiceCollection services) => Listening.OnLoopback(services);
}
