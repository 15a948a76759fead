// Code that breaks every rule of the house once, so that each rule is seen to fail.
#pragma warning disable IDE0130 // the namespaces mimic a house's

namespace MeterSync.Tests.Architecture.Planted.Kernel
{
    internal sealed class ReachesUp
    {
        public Store.Shelf? Shelf { get; set; }
    }
}

namespace MeterSync.Tests.Architecture.Planted.Store
{
    internal sealed class Shelf;

    internal sealed class ShelfContext : Microsoft.EntityFrameworkCore.DbContext
    {
        public Microsoft.EntityFrameworkCore.DbSet<Shelf>? Shelves { get; set; }
    }
}

namespace MeterSync.Tests.Architecture.Planted.Modules.Alpha.Domain
{
    internal static class TouchesFiles
    {
        public static async Task<int> LengthAsync(string path) => (await File.ReadAllTextAsync(path)).Length;
    }
}

namespace MeterSync.Tests.Architecture.Planted.Modules.Alpha.Public
{
    internal sealed class Offer
    {
        public Beta.Public.Offer? LooksAhead { get; set; }
    }
}

namespace MeterSync.Tests.Architecture.Planted.Modules.Alpha.OpenThing
{
    internal static class OpenThingEndpoint
    {
        public static void Map() => _ = new CloseThing.CloseThingHandler();
    }

    internal sealed class OpenThingHandler
    {
        public Task HandleAsync() => Task.CompletedTask;
    }
}

namespace MeterSync.Tests.Architecture.Planted.Modules.Alpha.CloseThing
{
    internal static class ShutThingEndpoint;

    internal sealed class CloseThingHandler
    {
        public Task HandleAsync() => Task.CompletedTask;
    }
}

namespace MeterSync.Tests.Architecture.Planted.Modules.Alpha.MoveThing
{
    internal static class MoveThingEndpoint
    {
        public static Task MapAsync(Store.ShelfContext shelves) => shelves.SaveChangesAsync();
    }
}

namespace MeterSync.Tests.Architecture.Planted.Modules.Beta.Public
{
    internal sealed class Offer;
}

namespace MeterSync.Tests.Architecture.Planted.Modules.Beta
{
    internal sealed class PeeksInside
    {
        public Alpha.OpenThing.OpenThingHandler? Handler { get; set; }
    }

    internal sealed class ThingManager;
}
