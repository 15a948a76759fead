using System.Runtime.CompilerServices;

namespace MeterSync.Host.Telemetry;

internal static class TelemetryRegistration
{
    /// <param name="services">Takes the services.</param>
    /// <param name="configuration">The server's.</param>
    /// <param name="quiet">A verb's own server, which nobody watches.</param>
    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration, bool quiet)
    {
        services.AddMetrics();
        services.AddOptions<TelemetryOptions>().Bind(configuration.GetSection(TelemetryOptions.Section)).ValidateDataAnnotations()
            .Validate(options => options.HasUsableEndpoint, "Telemetry:OtlpEndpoint is no address like http://127.0.0.1:4317. Leave it out to send nothing.")
            .Validate(options => options.HasUsableHeaders, "Telemetry:OtlpHeaders is not of the form name=value,name=value.")
            .ValidateOnStart();
        services.AddSingleton<MetricCollector>();
        services.AddSingleton<GaugeRound>();
        services.AddSingleton<HostGauges>();
        services.AddSingleton<MetricStart>();
        services.AddHostedService(provider => provider.GetRequiredService<MetricStart>());
        if (!quiet && IsSending(configuration))
        {
            AddSending(services);
        }
    }

    /// <summary>Before the first request. A verb's own server counts nothing.</summary>
    public static void UseTelemetry(this WebApplication app, bool quiet)
    {
        if (quiet)
        {
            return;
        }

        app.Services.GetRequiredService<MetricStart>().Begin();
        if (IsSending(app.Configuration))
        {
            app.UseMiddleware<RouteSpans>();
        }
    }

    private static bool IsSending(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration[$"{TelemetryOptions.Section}:{nameof(TelemetryOptions.OtlpEndpoint)}"]);

    /// <summary>On its own, so that OpenTelemetry's assemblies are not loaded where nothing is sent.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddSending(IServiceCollection services) => services.AddHostedService<OtlpExport>();
}
