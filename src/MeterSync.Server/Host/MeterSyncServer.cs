using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MeterSync.Host.Auth;
using MeterSync.Host.Demo;
using MeterSync.Host.Health;
using MeterSync.Host.Jobs;
using MeterSync.Host.Limits;
using MeterSync.Host.Telemetry;
using MeterSync.Host.Web;
using MeterSync.Host.Web.Field;
using MeterSync.Kernel;
using MeterSync.Modules.Uploads.Public;
using MeterSync.Store;
using MeterSync.Store.Secrets;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MeterSync.Host;

/// <summary>Puts one server together. Every role builds the same graph; roles decide which routes answer and which jobs run.</summary>
internal static class MeterSyncServer
{
    public static WebApplication Create(ServerStart start, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddServerSettings(start.Data, start.Arguments);
        adjust?.Invoke(builder);

        ServerLogging.Configure(builder, start.Quiet);
        Listening.Configure(builder, start);
        AddServices(builder, start);

        var app = builder.Build();
        var options = app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<HostOptions>>().Value;
        RequirePlausible(options);

        _ = Task.Run(() => BuildModel(app.Services));
        app.UseTelemetry(start.Quiet);
        if (!start.Quiet)
        {
            _ = Task.Run(app.Services.GetRequiredService<SecretBox>().WarmUp);
        }

        MapPipeline(app, options, start.OnlyModule);
        return app;
    }

    /// <summary>EF's model takes a third of the time to start, so it is built while the routes are mapped. Who needs it first waits for it, and gets what is wrong with it.</summary>
    private static void BuildModel(IServiceProvider services)
    {
        using var scope = services.CreateScope();
        _ = scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Model;
    }

    private static void AddServices(WebApplicationBuilder builder, ServerStart start)
    {
        var services = builder.Services;
        services.AddSingleton(start);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IdSource>();
        services.AddOptions<HostOptions>().Bind(builder.Configuration).ValidateDataAnnotations();
        services.AddSingleton<IEnumerable<IModule>>(ModuleCatalog.All);
        services.AddSingleton(new PermissionCatalog(ModuleCatalog.All, HostPermissions.All));
        services.AddStore(builder.Configuration, start.Data);
        services.AddJobs(builder.Configuration);
        services.AddAuth();
        services.AddHealth();
        services.AddLimits();
        services.AddOuterWall(builder.Configuration);
        services.AddTelemetry(builder.Configuration, start.Quiet);
        services.AddWeb();
        services.AddFieldApp(builder.Configuration);
        services.ConfigureHttpJsonOptions(options => ConfigureJson(options.SerializerOptions));
        foreach (var module in ModuleCatalog.All)
        {
            module.AddServices(services, builder.Configuration);
        }

        services.AddDemo(builder.Configuration);
    }

    /// <summary>snake_case, enums as words, decimals also read from strings, unknown members ignored, nulls written.</summary>
    public static void ConfigureJson(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        json.DictionaryKeyPolicy = null;
        json.NumberHandling = JsonNumberHandling.AllowReadingFromString;
        json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        json.MaxDepth = 32;
        json.Converters.Add(new InstantJson());
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        json.TypeInfoResolverChain.Clear();
        json.TypeInfoResolverChain.Add(KernelJson.Default);
        foreach (var module in ModuleCatalog.All)
        {
            json.TypeInfoResolverChain.Add(module.Json);
        }
    }

    private static void RequirePlausible(HostOptions options)
    {
        if (options.Names.Count == 0)
        {
            throw new StartRefusedException($"Roles is empty: this process would do nothing. Use one or more of: {string.Join(", ", Role.Known)}.");
        }

        if (options.Names.FirstOrDefault(name => !Role.Known.Contains(name)) is { } unknown)
        {
            throw new StartRefusedException($"Roles has '{unknown}', which is no role. Use one or more of: {string.Join(", ", Role.Known)}.");
        }
    }

    /// <summary>A process that does not serve the API says how it is and what it measured, and nothing else.</summary>
    private static void MapPipeline(WebApplication app, HostOptions options, string? onlyModule)
    {
        app.UseOuterWall();
        app.UseTusEdge();
        app.UseWebShell();
        app.UseMiddleware<AddressGate>();
        app.UseSeedPaths();
        app.UseRouting();
        app.UseRequestDecompression(); // after routing: the route says how large a body may be once unpacked
        app.UseMiddleware<PermissionGate>();
        app.UseMiddleware<RateLimitGate>();
        app.UseMiddleware<IdempotencyGate>();
        app.MapHealth();
        app.MapMetrics();
        if (options.Serves(Role.Api))
        {
            if (onlyModule is null)
            {
                app.MapDocuments();
                app.MapFieldApp();
            }

            var api = app.MapGroup("/api/v1").ValidateRequests();
            foreach (var module in ModuleCatalog.All.Where(module => onlyModule is null || module.Name == onlyModule))
            {
                module.MapRoutes(api);
            }
        }

        PermissionGate.RequireOnEvery(app);
    }
}
