using System.CommandLine;
using MeterSync.Kernel;
using MeterSync.Store;
using Microsoft.Extensions.Options;

namespace MeterSync.Host.Verbs;

/// <summary>metersync serve: brings the schema up to date, runs the modules' start tasks, listens until told to stop.</summary>
internal static class ServeVerb
{
    public const string DefaultUrls = "http://127.0.0.1:8000";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Command Command()
    {
        var demo = new Option<bool>("--demo") { Description = "Demonstration accounts and data, on this machine only; data directory ./demo-data" };
        var urls = new Option<string>("--urls") { Description = "Addresses to listen on, separated by ';'", HelpName = "URLS", DefaultValueFactory = _ => DefaultUrls };
        var command = new Command("serve", "Run the server until Ctrl+C or SIGTERM") { demo, urls };
        command.Run((parsed, output, cancellationToken) => RunAsync(
            new ServeRequest(CommonOptions.DataOf(parsed, parsed.GetValue(demo) ? "demo-data" : "data"), parsed.GetValue(urls) ?? DefaultUrls, parsed.GetValue(demo), CommonOptions.SettingsOf(parsed)),
            output,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ServeRequest request, VerbOutput output, CancellationToken cancellationToken)
    {
        var data = request.Data;
        CreateData(data);
        var postgres = ServerConfiguration.StoreOf(ServerConfiguration.Read(data, request.Settings)).Kind == StoreProvider.Postgres;
        using var owner = postgres ? null : await OwnAsync(data, output, cancellationToken);
        if (!postgres)
        {
            LocalServer.SweepSockets(data);
        }

        var socketFile = SocketOf(request, postgres);
        var start = new ServerStart(data, request.Urls, request.Demo, socketFile, request.Settings);
        await using var app = MeterSyncServer.Create(start);
        var roles = app.Services.GetRequiredService<IOptions<HostOptions>>().Value;
        RequireFree(request.Urls);
        TellOfAliases(app, request.Settings);
        await ServerStartUp.PrepareAsync(app, output.Say, cancellationToken);
        await app.StartAsync(cancellationToken);
        if (socketFile is not null)
        {
            Listening.RestrictSocket(socketFile);
        }

        output.Say($"MeterSync {Health.ProgramVersion.Text} serves on {request.Urls} (roles {roles.Roles}, data in {data.Path}). Stop with Ctrl+C.");
        await app.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Done;
    }

    /// <summary>Verbs need the API. On PostgreSQL several processes may share a data directory; the first that serves the API has the socket.</summary>
    private static string? SocketOf(ServeRequest request, bool postgres)
    {
        var roles = new HostOptions();
        ServerConfiguration.Read(request.Data, request.Settings).Bind(roles);
        return !roles.Serves(Role.Api) || (postgres && Listening.Answers(request.Data.SocketFile)) ? null : request.Data.SocketFile;
    }

    private static void CreateData(DataDirectory data)
    {
        try
        {
            data.Create();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The data directory {data.Path} cannot be made: {exception.Message} Give --data a directory this user may write.");
        }
    }

    /// <summary>A variable that was set for nothing is told, never passed over in silence.</summary>
    private static void TellOfAliases(WebApplication app, IReadOnlyList<string> settings)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("MeterSync.Configuration");
        foreach (var notice in ServerConfiguration.Aliases(settings).Notices)
        {
            log.LogWarning("{Notice}", notice);
        }
    }

    /// <summary>Before anything is made or announced.</summary>
    private static void RequireFree(string urls)
    {
        foreach (var endpoint in Listening.EndpointsOf(urls))
        {
            if (Listening.Probe(endpoint) is { } error)
            {
                throw new StartRefusedException(Listening.Explain(endpoint, error));
            }
        }
    }

    /// <summary>A verb at work is waited for; another server is not.</summary>
    private static async Task<IDisposable> OwnAsync(DataDirectory data, VerbOutput output, CancellationToken cancellationToken) =>
        await DataLock.WaitAsync(data, Patience, () => Listening.Answers(data.SocketFile), () => output.Say($"Another metersync works on {data.Path}; waiting up to {Patience.TotalSeconds:0} s for it."), TimeProvider.System, cancellationToken)
        ?? throw new StartRefusedException($"Another metersync already works on {data.Path}. Stop it first, or give this one its own --data directory.");

    private sealed record ServeRequest(DataDirectory Data, string Urls, bool Demo, IReadOnlyList<string> Settings);
}
