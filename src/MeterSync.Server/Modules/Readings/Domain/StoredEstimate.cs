using System.Text.Json;
using System.Text.Json.Serialization;
using MeterSync.Metering.Estimation;

namespace MeterSync.Modules.Readings.Domain;

/// <summary>How a value was estimated, as it is stored and shown.</summary>
/// <param name="Method">How it was made.</param>
/// <param name="Inputs">The numbers it was made of; their names carry the units.</param>
/// <param name="Explanation">The same in words.</param>
internal sealed record EstimateView(EstimationMethod Method, IReadOnlyList<EstimateInputView> Inputs, string Explanation);

/// <param name="Name">For example last_year_use_per_day.</param>
internal sealed record EstimateInputView(string Name, decimal Value);

/// <summary>Writes estimates into values and reads them back.</summary>
internal static class StoredEstimate
{
    public static string ToJson(RegisterEstimate estimate) => JsonSerializer.Serialize(
        new EstimateView(estimate.Method, [.. estimate.Inputs.Select(input => new EstimateInputView(input.Name, input.Value))], estimate.Explanation), StoredEstimateJson.Default.EstimateView);

    public static EstimateView? Of(string? json) => json is null ? null : JsonSerializer.Deserialize(json, StoredEstimateJson.Default.EstimateView);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(EstimationMethodJson)])]
[JsonSerializable(typeof(EstimateView))]
internal sealed partial class StoredEstimateJson : JsonSerializerContext;

internal sealed class EstimationMethodJson() : JsonStringEnumConverter<EstimationMethod>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
