using MeterSync.Host.Health;
using MeterSync.Kernel;
using MeterSync.Kernel.Telemetry;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MeterSync.Host.Telemetry;

/// <summary>Sends traces and metrics to a collector. One that cannot be reached costs what was to be sent to it, and nothing else.
/// No type here may inherit one of OpenTelemetry's: EF's model looks at every type of the program, which would load those assemblies for nothing.</summary>
internal sealed class OtlpExport(IOptions<TelemetryOptions> options, IdSource ids, ILogger<OtlpExport> log) : IHostedService
{
    private const int PatienceMilliseconds = 5_000;
    private static readonly string[] Sources = ["Microsoft.AspNetCore", "Npgsql", Instrumentation.Name];
    private TracerProvider? traces;
    private MeterProvider? metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        var resource = ResourceBuilder.CreateEmpty().AddService(settings.ServiceName, serviceVersion: ProgramVersion.Text, autoGenerateServiceInstanceId: false, serviceInstanceId: ids.Next().ToString());
        traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(Sources)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(settings.SampleRatio)))
            .AddOtlpExporter(exporter => Aim(exporter, settings, "v1/traces"))
            .Build();
        var builder = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(MetricSources.Meters).AddView(ViewOf);
        metrics = builder.AddOtlpExporter((exporter, reader) =>
        {
            Aim(exporter, settings, "v1/metrics");
            reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = settings.MetricSeconds * 1000;
            reader.PeriodicExportingMetricReaderOptions.ExportTimeoutMilliseconds = PatienceMilliseconds;
        }).Build();
        log.LogInformation("Traces and metrics go to {Endpoint} by {Protocol}", new Uri(settings.OtlpEndpoint!).GetLeftPart(UriPartial.Authority), settings.OtlpProtocol);
        return Task.CompletedTask;
    }

    /// <summary>What is still to be sent is sent, if the collector takes it soon.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            traces?.Shutdown(PatienceMilliseconds);
            metrics?.Shutdown(PatienceMilliseconds);
            traces?.Dispose();
            metrics?.Dispose();
        },
        CancellationToken.None);

    private static void Aim(OtlpExporterOptions exporter, TelemetryOptions settings, string path)
    {
        var collector = new Uri(settings.OtlpEndpoint!);
        exporter.Protocol = settings.IsGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = settings.IsGrpc ? collector : new Uri(collector.AbsoluteUri.TrimEnd('/') + "/" + path);
        exporter.TimeoutMilliseconds = PatienceMilliseconds;
        if (!string.IsNullOrWhiteSpace(settings.OtlpHeaders))
        {
            exporter.Headers = settings.OtlpHeaders;
        }
    }

    /// <summary>The labels that <c>/metrics</c> leaves out are left out here too.</summary>
    private static MetricStreamConfiguration? ViewOf(System.Diagnostics.Metrics.Instrument instrument)
    {
        var rule = MetricSources.RuleOf(instrument.Name);
        return rule switch
        {
            { Bounds: { } bounds } => new ExplicitBucketHistogramConfiguration { Boundaries = bounds, TagKeys = rule.Labels },
            { Labels: { } labels } => new MetricStreamConfiguration { TagKeys = labels },
            _ => null,
        };
    }
}
