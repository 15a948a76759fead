using System.Globalization;
using MeterSync.Kernel;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace MeterSync.Store;

/// <summary>What the contexts of one server are made for: its modules and its kind of database. Travels in EF's options, because a pooled context
/// is made from those alone.</summary>
internal sealed class StoreModel(IReadOnlyList<IModule> modules, StoreProvider provider) : IDbContextOptionsExtension
{
    private Description? info;

    public IReadOnlyList<IModule> Modules => modules;

    public StoreProvider Provider => provider;

    public DbContextOptionsExtensionInfo Info => info ??= new Description(this);

    public void ApplyServices(IServiceCollection services)
    {
    }

    public void Validate(IDbContextOptions options)
    {
    }

    /// <summary>Asks nothing of EF's own services.</summary>
    private sealed class Description(StoreModel model) : DbContextOptionsExtensionInfo(model)
    {
        public override bool IsDatabaseProvider => false;

        public override string LogFragment => "";

        public override int GetServiceProviderHashCode() => 0;

        public override bool ShouldUseSameServiceProvider(DbContextOptionsExtensionInfo other) => other is Description;

        public override void PopulateDebugInfo(IDictionary<string, string> debugInfo) =>
            debugInfo["Modules"] = model.Modules.Count.ToString(CultureInfo.InvariantCulture);
    }
}
