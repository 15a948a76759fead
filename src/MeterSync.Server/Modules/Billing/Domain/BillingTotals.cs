using System.Text.Json;
using System.Text.Json.Serialization;
using MeterSync.Kernel;
using MeterSync.Metering;

namespace MeterSync.Modules.Billing.Domain;

/// <summary>Use of one quantity in one direction and unit.</summary>
/// <param name="Consumption">After the multiplier.</param>
/// <param name="Lines">Lines that have one.</param>
internal sealed record BillingTotal(string Quantity, string Direction, string Unit, decimal Consumption, int Lines);

/// <summary>Adds up lines as they pass.</summary>
internal sealed class BillingTotals
{
    private readonly SortedDictionary<(string Quantity, string Direction, string Unit), (decimal Sum, int Lines)> sums = [];

    public void Add(BillingLine line)
    {
        if (line.BilledConsumption is { } consumption)
        {
            Add(line.Quantity, Terms<FlowDirection>.WordOf(line.Direction), line.Unit, consumption, 1);
        }
    }

    public void Add(IEnumerable<BillingTotal> totals)
    {
        foreach (var total in totals)
        {
            Add(total.Quantity, total.Direction, total.Unit, total.Consumption, total.Lines);
        }
    }

    public IReadOnlyList<BillingTotal> All => [.. sums.Select(pair => new BillingTotal(pair.Key.Quantity, pair.Key.Direction, pair.Key.Unit, pair.Value.Sum, pair.Value.Lines))];

    public string ToJson() => JsonSerializer.Serialize(All, StoredBillingJson.Default.IReadOnlyListBillingTotal);

    public static IReadOnlyList<BillingTotal> Read(string json) => JsonSerializer.Deserialize(json, StoredBillingJson.Default.IReadOnlyListBillingTotal) ?? [];

    private void Add(string quantity, string direction, string unit, decimal consumption, int lines)
    {
        var (sum, count) = sums.GetValueOrDefault((quantity, direction, unit));
        sums[(quantity, direction, unit)] = (sum + consumption, count + lines);
    }
}

/// <summary>How totals and inputs are stored.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IReadOnlyList<BillingTotal>))]
[JsonSerializable(typeof(IReadOnlyList<Public.BillingInputView>))]
internal sealed partial class StoredBillingJson : JsonSerializerContext;
