using System.Diagnostics;
using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using MeterSync.Store.Imports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Host.Demo;

/// <summary>Fills an empty demonstration through the product's own imports: what they hold or flag is not touched up.</summary>
internal sealed class DemoData(IServiceScopeFactory scopes, IOptions<DemoOptions> options, PermissionCatalog permissions, DemoWork work, TimeProvider clock) : IStartTask
{
    private const int ReportEveryPercent = 25;

    // The same at every start, so that a start cut off in the middle goes on with what is missing.
    private static readonly JobId MetersJob = new(new Guid("019aa000-0000-7000-8000-000000000001"));
    private static readonly JobId ReadingsJob = new(new Guid("019aa000-0000-7000-8000-000000000002"));

    public async Task RunAsync(StartRequest start, CancellationToken cancellationToken)
    {
        if (!start.Demo || !options.Value.Data || await EndAsync(cancellationToken) is not { } end)
        {
            return;
        }

        var began = clock.GetTimestamp();
        var meters = DemoFleet.Build(DemoFleet.Seed, end);
        await ImportMetersAsync(meters, start, cancellationToken);
        await ImportReadingsAsync(meters, start, cancellationToken);
        start.Announce($"Demo data: {meters.Count} meters with {meters.Sum(meter => meter.Readings.Count)} readings in {clock.GetElapsedTime(began).TotalSeconds:0.0} s; docs/demo.md tells what to look at.");
        began = clock.GetTimestamp();
        await work.MakeAsync(meters, end, cancellationToken);
        start.Announce($"Demo data: agents, routes and a read cycle half done in {clock.GetElapsedTime(began).TotalSeconds:0.0} s.");
    }

    /// <summary>When the demo's two years end. Null where they are there already, or the meters are somebody's own.</summary>
    private async Task<DateTimeOffset?> EndAsync(CancellationToken cancellationToken)
    {
        await using var scope = NewScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        var batches = await db.Set<ImportBatch>().AsNoTracking().Where(batch => batch.JobId == MetersJob || batch.JobId == ReadingsJob).ToListAsync(cancellationToken);
        if (batches.Exists(batch => batch.JobId == ReadingsJob && batch.FileHash.Length > 0))
        {
            return null;
        }

        // Readings cut off in the middle are of the day the meters came.
        return batches.Find(batch => batch.JobId == MetersJob) is { } meters ? meters.CreatedAt
            : await db.Set<Meter>().AnyAsync(cancellationToken) ? null
            : clock.GetUtcNow();
    }

    private async Task ImportMetersAsync(IReadOnlyList<DemoMeter> meters, StartRequest start, CancellationToken cancellationToken)
    {
        await using var scope = NewScope();
        await using var file = await DemoFiles.MetersAsync(meters, cancellationToken);
        var outcome = await scope.ServiceProvider.GetRequiredService<IMeterImport>()
            .RunAsync(file, "demo-meters.csv", new ImportSettings(), MetersJob, Progress(start, "meters"), cancellationToken);
        RequireWhole(outcome.Problem, outcome.Succeeded ? outcome.Value.Problems : []);
    }

    private async Task ImportReadingsAsync(IReadOnlyList<DemoMeter> meters, StartRequest start, CancellationToken cancellationToken)
    {
        await using var scope = NewScope();
        var agents = await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<User>().AsNoTracking()
            .Where(user => user.IsDemo && user.Username != null).ToDictionaryAsync(user => user.Username!, user => user.Id, cancellationToken);
        await using var file = await DemoFiles.ReadingsAsync(meters, agents, cancellationToken);
        var outcome = await scope.ServiceProvider.GetRequiredService<IReadingImport>()
            .RunAsync(file, "demo-readings.csv", new ImportSettings(), ReadingsJob, Progress(start, "readings"), cancellationToken);
        RequireWhole(outcome.Problem, outcome.Succeeded ? outcome.Value.Problems : []);
    }

    private AsyncServiceScope NewScope()
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallerAccessor>().Caller = new Caller(null, "demo", BuiltInRole.Admin, DataScope.All, permissions.Of(BuiltInRole.Admin));
        return scope;
    }

    private static Action<double, string> Progress(StartRequest start, string what)
    {
        var next = 0;
        return (percent, line) =>
        {
            if (percent >= next)
            {
                start.Announce($"Demo data: {what} {percent:0} %. {line}");
                next = ((int)percent / ReportEveryPercent * ReportEveryPercent) + ReportEveryPercent;
            }
        };
    }

    private static void RequireWhole(Problem? problem, IReadOnlyList<RowProblem> rows)
    {
        if (problem is not null || rows.Count > 0)
        {
            throw new UnreachableException($"The demo's own file was refused: {problem?.Message ?? rows[0].ToString()}");
        }
    }
}

internal static class DemoRegistration
{
    /// <summary>After the modules: accounts are made first.</summary>
    public static void AddDemo(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DemoOptions>().Bind(configuration.GetSection(DemoOptions.Section)).ValidateOnStart();
        services.AddScoped<DemoPeople>();
        services.AddScoped<DemoWork>();
        services.AddScoped<IStartTask, DemoData>();
    }
}
