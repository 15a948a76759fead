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

/// <summary>An estimate as it is kept: what is shown of it, and the window of the read cycle it was made for, in which an actual value makes it needless.</summary>
/// <param name="WindowFrom">Inclusive; null where it was made for no cycle.</param>
/// <param name="WindowTo">Exclusive; null where it was made for no cycle.</param>
internal sealed record KeptEstimate(EstimationMethod Method, IReadOnlyList<EstimateInputView> Inputs, string Explanation, DateTimeOffset? WindowFrom, DateTimeOffset? WindowTo);

/// <summary>Writes estimates into values and reads them back.</summary>
internal static class StoredEstimate
{
    public static string ToJson(RegisterEstimate estimate, (DateTimeOffset From, DateTimeOffset To)? window)
    {
        var inputs = estimate.Inputs.Select(input => new EstimateInputView(input.Name, input.Value)).ToList();
        return JsonSerializer.Serialize(new KeptEstimate(estimate.Method, inputs, estimate.Explanation, window?.From, window?.To), StoredEstimateJson.Default.KeptEstimate);
    }

    public static EstimateView? Of(string? json) => json is null ? null : JsonSerializer.Deserialize(json, StoredEstimateJson.Default.EstimateView);

    /// <summary>Null where it was made for no cycle.</summary>
    public static (DateTimeOffset From, DateTimeOffset To)? WindowOf(string? json) =>
        json is not null && JsonSerializer.Deserialize(json, StoredEstimateJson.Default.KeptEstimate) is { WindowFrom: { } from, WindowTo: { } to } ? (from, to) : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(EstimationMethodJson)])]
[JsonSerializable(typeof(EstimateView))]
[JsonSerializable(typeof(KeptEstimate))]
internal sealed partial class StoredEstimateJson : JsonSerializerContext;

internal sealed class EstimationMethodJson() : JsonStringEnumConverter<EstimationMethod>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
