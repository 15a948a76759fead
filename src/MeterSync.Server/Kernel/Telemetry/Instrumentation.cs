using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MeterSync.Kernel.Telemetry;

/// <summary>Where the program's own measurements and spans come from. An instrument belongs to the class that owns what it counts, and has at most
/// four labels with few values each: never an id, a name or a path somebody sent.</summary>
public static class Instrumentation
{
    public const string Name = "MeterSync";

    /// <summary>Costs next to nothing while nobody listens.</summary>
    public static readonly Meter Meter = new(Name);

    public static readonly ActivitySource Activities = new(Name);
}
