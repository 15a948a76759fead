using MeterSync.Kernel;
using MeterSync.Store;

namespace MeterSync.Host.Verbs;

/// <summary>metersync serve: brings the schema up to date, runs the modules' start tasks, listens until told to stop.</summary>
internal static class ServeVerb
{
    public static async Task<int> RunAsync(DataDirectory data, string urls, bool demo, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        data.Create();
        using var owner = DataLock.Take(data);
        await using var app = MeterSyncServer.Create(new ServerStart(data, urls, demo, data.SocketFile, arguments));
        await ServerStartUp.PrepareAsync(app, line => Console.Error.WriteLine(line), cancellationToken);
        await app.StartAsync(cancellationToken);
        Listening.RestrictSocket(data.SocketFile);
        Console.Error.WriteLine($"MeterSync {Health.ProgramVersion.Text} serves on {urls} (data in {data.Path}). Stop with Ctrl+C.");
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }
}
