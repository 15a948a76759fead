using System.Net;
using MeterSync.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace MeterSync.Tests.Modules.Audit;

/// <summary>A server whose requests come from an address, which the test server itself does not give them.</summary>
public sealed class AuditedSqlite : SqliteServer
{
    protected override void AdjustServices(IServiceCollection services) => services.AddSingleton<IStartupFilter, FromAnAddress>();
}

public sealed class AuditedPostgres : PostgresServer
{
    protected override void AdjustServices(IServiceCollection services) => services.AddSingleton<IStartupFilter, FromAnAddress>();
}

internal sealed class FromAnAddress : IStartupFilter
{
    public const string Address = "203.0.113.77";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, rest) =>
        {
            context.Connection.RemoteIpAddress = IPAddress.Parse(Address);
            return rest(context);
        });
        next(app);
    };
}
