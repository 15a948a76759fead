using MeterSync.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Store;

/// <summary>Makes contexts. Contexts are light; connections are pooled by the drivers.</summary>
internal sealed class MeterSyncDbFactory(DbContextOptions<MeterSyncDb> options, IEnumerable<IModule> modules, IOptions<StoreOptions> store)
{
    private readonly IReadOnlyList<IModule> modules = [.. modules];

    public MeterSyncDb Create(StoreSession session) => new(options, modules, store.Value.Kind) { Session = session };
}
