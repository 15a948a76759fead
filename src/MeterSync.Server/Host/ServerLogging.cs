using MeterSync.Store;
using Microsoft.Extensions.Logging.Console;

namespace MeterSync.Host;

/// <summary>On stderr: one JSON object a line with the trace id of the request; plain lines where a person runs a verb.</summary>
internal static class ServerLogging
{
    public static void Configure(WebApplicationBuilder builder, bool quiet)
    {
        var store = ServerConfiguration.StoreOf(builder.Configuration);
        builder.Logging.ClearProviders();
        builder.Logging.Configure(options => options.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        builder.Logging.SetMinimumLevel(quiet ? LogLevel.Warning : LogLevel.Information);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Critical);
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Database.Command", EchoOf(StoreProvider.Sqlite));
        builder.Logging.AddFilter("Npgsql", LogLevel.Warning);
        builder.Logging.AddFilter("Npgsql.Command", EchoOf(StoreProvider.Postgres));
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Update", LogLevel.None);

        var mark = new StartMark();
        builder.Services.AddHostedService(_ => mark);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Warning && mark.Passed);
        builder.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        if (quiet)
        {
            builder.Logging.AddConsole(options => options.FormatterName = PlainConsole.FormatterName).AddConsoleFormatter<PlainConsole, ConsoleFormatterOptions>();
            return;
        }

        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.AddJsonConsole(options =>
        {
            options.IncludeScopes = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        });

        // Each statement once: on PostgreSQL the driver tells those of EF too.
        LogLevel EchoOf(StoreProvider provider) => store.Echo && !quiet && store.Kind == provider ? LogLevel.Information : provider == StoreProvider.Postgres ? LogLevel.Warning : LogLevel.None;
    }
}
