using MeterSync.Kernel;
using MeterSync.Store;
using MeterSync.Store.Backups;
using Microsoft.Extensions.Options;

namespace MeterSync.Host.Verbs;

/// <summary>The store without a server around it, for verbs that work on the whole of it.</summary>
internal sealed class StoreOfVerb : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private StoreOfVerb(ServiceProvider services) => this.services = services;

    public StoreOptions Options => Get<IOptions<StoreOptions>>().Value;

    public StoreProvider Provider => Options.Kind;

    public static StoreOfVerb Open(DataDirectory data, List<string> settings)
    {
        var configuration = ServerConfiguration.Read(data, settings);
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IdSource>();
        services.AddStore(configuration, data);
        services.AddBackupVerbs();
        return new StoreOfVerb(services.BuildServiceProvider());
    }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
