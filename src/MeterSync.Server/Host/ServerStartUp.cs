using MeterSync.Kernel;
using MeterSync.Store;
using MeterSync.Store.Schema;
using Microsoft.Extensions.Options;

namespace MeterSync.Host;

/// <summary>What happens between building the server and its first request: schema, then the modules' start tasks in order.</summary>
internal static class ServerStartUp
{
    public static async Task PrepareAsync(WebApplication app, Action<string> announce, CancellationToken cancellationToken)
    {
        var start = app.Services.GetRequiredService<ServerStart>();
        var provider = app.Services.GetRequiredService<IOptions<StoreOptions>>().Value.Kind;
        await app.Services.GetRequiredService<Migrator>().UpgradeAsync(Migration.BuiltIn(provider), cancellationToken);
        var open = (start.Urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).Any(url => !Listening.IsLoopback(Listening.Parse(url)));
        await using var scope = app.Services.CreateAsyncScope();
        foreach (var task in scope.ServiceProvider.GetServices<IStartTask>())
        {
            await task.RunAsync(new StartRequest(start.Demo, open, announce), cancellationToken);
        }
    }
}
