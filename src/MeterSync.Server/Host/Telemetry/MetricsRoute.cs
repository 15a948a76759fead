using System.Buffers;
using MeterSync.Kernel.Web;

namespace MeterSync.Host.Telemetry;

internal static class MetricsRoute
{
    private const int UsualBytes = 64 * 1024;

    /// <summary>No envelope: this is what Prometheus reads.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder app) =>
        app.MapGet("/metrics", async (MetricCollector metrics, HostGauges gauges, HttpContext context) =>
            {
                await gauges.RefreshAsync(context.RequestAborted);
                var text = new ArrayBufferWriter<byte>(UsualBytes);
                metrics.Write(text);
                context.Response.ContentType = Exposition.ContentType;
                await context.Response.Body.WriteAsync(text.WrittenMemory, context.RequestAborted);
            })
            .WithName("GetMetrics").WithSummary("Metrics in Prometheus' text format").WithTags("Health").Produces(StatusCodes.Status200OK, contentType: "text/plain").RequirePermission(HostPermissions.ReadSystem).CountedAs(RateGroup.None);
}
