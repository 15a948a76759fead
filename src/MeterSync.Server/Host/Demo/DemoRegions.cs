using System.Text.Json;
using MeterSync.Modules.Meters.Requests;

namespace MeterSync.Host.Demo;

/// <summary>Three regions of the demo town, and whose round is in which.</summary>
internal static class DemoRegions
{
    public const string OldTown = "Old town";
    public const string North = "North";
    public const string South = "South";

    public static IReadOnlyList<RegionRequest> All =>
    [
        Of(OldTown, "Inside the river and around the cathedral", new PositionRequest(55.3290, 8.7640, null, null, null), 480, null),
        Of(North, "Tangevej, Vardevej, Plantagevej", null, null, "[[8.7550,55.3318],[8.7610,55.3318],[8.7640,55.3330],[8.7710,55.3316],[8.7800,55.3316],[8.7800,55.3345],[8.7670,55.3400],[8.7560,55.3400]]"),
        Of(South, "From Sønderport to the town's edge", null, null, "[[8.7540,55.3185],[8.7670,55.3185],[8.7670,55.3258],[8.7540,55.3258]]"),
    ];

    /// <summary>The region an agent serves first.</summary>
    public static string Of(string agent) => agent switch { "agent4" => North, "agent5" => South, _ => OldTown };

    /// <param name="polygon">Points of longitude and latitude.</param>
    private static RegionRequest Of(string name, string description, PositionRequest? centre, double? radius, string? polygon) =>
        new(name, description, null, centre, null, null, null, null, null, radius, polygon is null ? null : JsonElement.Parse(polygon));
}
