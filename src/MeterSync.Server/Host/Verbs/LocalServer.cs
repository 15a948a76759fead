using MeterSync.Store;
using MeterSync.Store.Backups;

namespace MeterSync.Host.Verbs;

/// <summary>The server a verb talks to: the one that runs on the data directory, else one of the verb's own for as long as it takes.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly WebApplication? own;
    private readonly IDisposable? owner;
    private readonly string socketFile;

    private LocalServer(string socketFile, WebApplication? own, IDisposable? owner)
    {
        (this.socketFile, this.own, this.owner) = (socketFile, own, owner);
        Api = new LocalApi(socketFile);
    }

    public LocalApi Api { get; }

    /// <summary>Whether a running server does the work, and goes on when the verb ends.</summary>
    public bool IsShared => own is null;

    /// <exception cref="VerbException">Another process holds the data directory for too long, or there is no data.</exception>
    public static async Task<LocalServer> OpenAsync(LocalServerRequest request, VerbOutput output, CancellationToken cancellationToken)
    {
        var data = request.Data;
        if (Listening.Answers(data.SocketFile))
        {
            return new LocalServer(data.SocketFile, null, null);
        }

        var postgres = ServerConfiguration.StoreOf(ServerConfiguration.Read(data, request.Settings)).Kind == StoreProvider.Postgres;
        if (!request.MayCreateData && !postgres && !File.Exists(data.DatabaseFile) && !RestoreJournal.Exists(data))
        {
            throw new VerbException(ExitCode.Usage, VerbProblem.NoData, $"There is no MeterSync database in {data.Path}. Name the data directory with --data or {CommonOptions.DataVariable}.");
        }

        data.Create();
        if (postgres)
        {
            return await StartAsync(request, output, null, cancellationToken);
        }

        var owner = await DataLock.WaitAsync(data, Patience, () => Listening.Answers(data.SocketFile), () => output.Say($"Another metersync works on {data.Path}; waiting up to {Patience.TotalSeconds:0} s for it."), TimeProvider.System, cancellationToken);
        if (owner is not null)
        {
            return await StartAsync(request, output, owner, cancellationToken);
        }

        return Listening.Answers(data.SocketFile)
            ? new LocalServer(data.SocketFile, null, null)
            : throw new VerbException(ExitCode.Unavailable, VerbProblem.Locked, $"Another metersync still works on {data.Path}. Try again when it is done.");
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        if (own is not null)
        {
            await own.StopAsync();
            await own.DisposeAsync();
            File.Delete(socketFile);
        }

        owner?.Dispose();
    }

    /// <summary>Removes sockets of verbs that were killed. Only for the owner of the data directory: nobody else's verb can be at work then.</summary>
    public static void SweepSockets(DataDirectory data)
    {
        foreach (var left in Directory.EnumerateFiles(data.Path, "verb-*.sock"))
        {
            File.Delete(left);
        }
    }

    private static async Task<LocalServer> StartAsync(LocalServerRequest request, VerbOutput output, IDisposable? owner, CancellationToken cancellationToken)
    {
        var socketFile = Path.Combine(request.Data.Path, $"verb-{Environment.ProcessId}.sock");
        var roles = request.NeedsWorker ? "all" : Role.Api;
        WebApplication? app = null;
        try
        {
            if (owner is not null)
            {
                SweepSockets(request.Data);
            }

            app = MeterSyncServer.Create(new ServerStart(request.Data, null, false, socketFile, [.. request.Settings, $"--{nameof(HostOptions.Roles)}={roles}"]) { Quiet = true, OnlyModule = request.Module });
            await ServerStartUp.UpgradeAsync(app, cancellationToken);
            await app.StartAsync(cancellationToken);
            Listening.RestrictSocket(socketFile);
            return new LocalServer(socketFile, app, owner);
        }
        catch
        {
            if (app is not null)
            {
                await app.DisposeAsync();
            }

            File.Delete(socketFile);
            owner?.Dispose();
            throw;
        }
    }
}

/// <summary>What a verb needs of its server.</summary>
/// <param name="Module">Whose routes it calls.</param>
/// <param name="Data">Data directory.</param>
/// <param name="Settings">Settings as <c>--Section:Key=value</c>.</param>
/// <param name="NeedsWorker">Whether it starts a job.</param>
/// <param name="MayCreateData">Whether it makes sense on an empty data directory.</param>
internal sealed record LocalServerRequest(string Module, DataDirectory Data, IReadOnlyList<string> Settings, bool NeedsWorker, bool MayCreateData);
