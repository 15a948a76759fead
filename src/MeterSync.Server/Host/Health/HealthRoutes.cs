using MeterSync.Kernel;
using MeterSync.Kernel.Web;

namespace MeterSync.Host.Health;

internal static class HealthRoutes
{
    public static void AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<HealthChecks>();
        services.AddSingleton<RecentHealth>();
        services.AddSingleton<DetailedChecks>();
    }

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health", async (HealthChecks checks, HttpContext context) => AnswerOf(await checks.RunAsync(context.RequestAborted), report => report.Status))
            .Slice<HealthReport>("GetHealth", "The server and each thing it needs").WithTags("Health").OpenToAll().CountedAs(RateGroup.None);
        app.MapGet("/health/ready", async (HealthChecks checks, HttpContext context) => AnswerOf(await checks.RunNeededAsync(context.RequestAborted), report => report.Status))
            .Slice<HealthReport>("GetReadiness", "Whether requests can be served; 503 while a dependency is down").WithTags("Health").OpenToAll().CountedAs(RateGroup.None);
        app.MapGet("/health/live", () => ((Outcome<Done>)Done.It).ToAnswer("alive"))
            .Slice<Done>("GetLiveness", "Whether the process runs").WithTags("Health").OpenToAll().CountedAs(RateGroup.None);
        app.MapGet("/status", async (RecentHealth health, TimeProvider clock, HttpContext context) =>
                ((Outcome<StatusReport>)new StatusReport((await health.GetAsync(context.RequestAborted)).Status, ProgramVersion.Text, health.UptimeSeconds, clock.GetUtcNow())).ToAnswer())
            .Slice<StatusReport>("GetStatus", "How the server is, in a word; always 200, so ask /health/ready where the status code must tell").WithTags("Health").OpenToAll().CountedAs(RateGroup.None);
        app.MapGet("/detailed", async (DetailedChecks checks, HttpContext context) => AnswerOf(await checks.RunAsync(context.RequestAborted), report => report.Status))
            .Slice<DetailedReport>("GetDetailed", "Health, process, database, jobs and disk; 503 while a dependency is down").WithTags("Health").RequirePermission(HostPermissions.ReadSystem);
    }

    private static Answer<T> AnswerOf<T>(T report, Func<T, string> statusOf) =>
        new(report) { Status = statusOf(report) == HealthReport.Healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable };
}
