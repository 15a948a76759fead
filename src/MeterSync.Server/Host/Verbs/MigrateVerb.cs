using System.CommandLine;
using System.Text.Json.Nodes;
using MeterSync.Store;
using MeterSync.Store.Backups;
using MeterSync.Store.Schema;

namespace MeterSync.Host.Verbs;

/// <summary>metersync migrate: brings the database to this program's schema without serving.</summary>
internal static class MigrateVerb
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Command Command()
    {
        var command = new Command("migrate", "Bring the database to this program's schema (serve does it too)");
        command.Run(async (parsed, output, cancellationToken) =>
        {
            var data = CommonOptions.DataOf(parsed);
            await using var services = Services(data, CommonOptions.SettingsOf(parsed));
            var provider = services.GetRequiredService<Microsoft.Extensions.Options.IOptions<StoreOptions>>().Value.Kind;
            data.Create();
            using var owner = provider == StoreProvider.Sqlite ? await OwnAsync(data, output, cancellationToken) : null;
            await services.GetRequiredService<ServingLock>().ShareAsync(cancellationToken);
            await services.GetRequiredService<RestoreSettlement>().SettleAsync(cancellationToken);
            var applied = await services.GetRequiredService<Migrator>().UpgradeAsync(Migration.BuiltIn(provider), cancellationToken);
            var names = applied.Select(migration => $"{migration.Number:0000}_{migration.Name}").ToList();
            output.Result(
                new JsonObject { ["provider"] = provider.ToString().ToLowerInvariant(), ["applied"] = new JsonArray([.. names.Select(name => (JsonNode)name)]) },
                names.Count == 0 ? ["The schema is current."] : names.Select(name => $"Applied {name}."));
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<IDisposable> OwnAsync(DataDirectory data, VerbOutput output, CancellationToken cancellationToken) =>
        await DataLock.WaitAsync(data, Patience, () => Listening.Answers(data.SocketFile), () => output.Say($"Another metersync works on {data.Path}; waiting up to {Patience.TotalSeconds:0} s for it."), TimeProvider.System, cancellationToken)
        ?? throw new VerbException(ExitCode.Unavailable, VerbProblem.Locked, Listening.Answers(data.SocketFile)
            ? $"A server runs on {data.Path}; it brought the schema up to date when it started. Stop it to migrate with this program."
            : $"Another metersync still works on {data.Path}. Try again when it is done.");

    private static ServiceProvider Services(DataDirectory data, List<string> settings)
    {
        var configuration = ServerConfiguration.Read(data, settings);
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        services.AddSingleton(TimeProvider.System);
        services.AddStore(configuration, data);
        return services.BuildServiceProvider();
    }
}
