using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Store;

namespace MeterSync.Modules.Meters.Public;

/// <summary>A list of regions as one parameter of a statement.</summary>
internal static class RegionParameter
{
    /// <summary>Follows a column: it is one of the parameter's regions.</summary>
    public static string Comparison(StoreProvider provider, string parameter) => provider switch
    {
        StoreProvider.Sqlite => $"in (select unhex(value) from json_each({parameter}))",
        _ => $"= any({parameter})",
    };

    /// <summary>The parameter's value.</summary>
    public static object Value(StoreProvider provider, IEnumerable<RegionId> regions) => provider switch
    {
        StoreProvider.Sqlite => new JsonArray([.. regions.Select(region => (JsonNode)Convert.ToHexString(region.Value.ToByteArray(true)))]).ToJsonString(),
        _ => regions.Select(region => region.Value).ToArray(),
    };
}
