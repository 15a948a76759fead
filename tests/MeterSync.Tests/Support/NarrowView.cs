using MeterSync.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace MeterSync.Tests.Support;

/// <summary>Bounds what managers see to regions, in requests and in jobs, whatever their accounts say.</summary>
internal sealed class NarrowView
{
    private static readonly string[] Jobs = ["meters.import", "readings.import", "billing.freeze", "exports.csv"];

    /// <summary>Null leaves managers as they are.</summary>
    public DataScope? OfManagers { get; set; }

    public void AddTo(IServiceCollection services)
    {
        foreach (var kind in Jobs)
        {
            services.AddScoped<IJobHandler>(provider => new NarrowJob(kind, this, provider));
        }
    }

    public void AddTo(IApplicationBuilder pipeline) => pipeline.Use((context, next) =>
    {
        Apply(context.RequestServices.GetRequiredService<CallerAccessor>());
        return next(context);
    });

    private void Apply(CallerAccessor callers)
    {
        if (OfManagers is { } scope && callers.Known is { Role: BuiltInRole.Manager } manager)
        {
            callers.Caller = manager with { Scope = scope };
        }
    }

    /// <summary>Stands before the server's own handler of the kind.</summary>
    private sealed class NarrowJob(string kind, NarrowView view, IServiceProvider provider) : IJobHandler
    {
        public string Kind => kind;

        public Task<Outcome<JobResult>> RunAsync(JobRun run, CancellationToken cancellationToken)
        {
            view.Apply(provider.GetRequiredService<CallerAccessor>());
            return provider.GetServices<IJobHandler>().First(handler => handler.Kind == kind && handler is not NarrowJob).RunAsync(run, cancellationToken);
        }
    }
}

/// <summary>A server whose managers' view a test can narrow.</summary>
internal interface INarrowServer
{
    NarrowView View { get; }
}

public sealed class NarrowSqliteServer : SqliteServer, INarrowServer
{
    private readonly NarrowView view = new();

    NarrowView INarrowServer.View => view;

    protected override void AdjustServices(IServiceCollection services) => view.AddTo(services);

    protected override void AdjustPipeline(IApplicationBuilder pipeline) => view.AddTo(pipeline);
}

public sealed class NarrowPostgresServer : PostgresServer, INarrowServer
{
    private readonly NarrowView view = new();

    NarrowView INarrowServer.View => view;

    protected override void AdjustServices(IServiceCollection services) => view.AddTo(services);

    protected override void AdjustPipeline(IApplicationBuilder pipeline) => view.AddTo(pipeline);
}
