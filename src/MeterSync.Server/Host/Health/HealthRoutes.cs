using MeterSync.Kernel;
using MeterSync.Kernel.Web;

namespace MeterSync.Host.Health;

internal static class HealthRoutes
{
    public static void AddHealth(this IServiceCollection services) => services.AddSingleton<HealthChecks>();

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health", (HealthChecks checks, HttpContext context) => ReportAsync(checks, context))
            .Slice<HealthReport>("GetHealth", "The server and each thing it needs").WithTags("Health").OpenToAll().CountedAs(RateGroup.None);
        app.MapGet("/health/ready", (HealthChecks checks, HttpContext context) => ReportAsync(checks, context))
            .Slice<HealthReport>("GetReadiness", "Whether requests can be served; 503 while a dependency is down").WithTags("Health").OpenToAll().CountedAs(RateGroup.None);
        app.MapGet("/health/live", () => ((Outcome<Done>)Done.It).ToAnswer("alive"))
            .Slice<Done>("GetLiveness", "Whether the process runs").WithTags("Health").OpenToAll().CountedAs(RateGroup.None);
    }

    private static async Task<Answer<HealthReport>> ReportAsync(HealthChecks checks, HttpContext context)
    {
        var report = await checks.RunAsync(context.RequestAborted);
        return new Answer<HealthReport>(report) { Status = report.Status == "healthy" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable };
    }
}
