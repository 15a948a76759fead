using System.Text.Json.Serialization;
using MeterSync.Kernel;

namespace MeterSync.Modules.Readings.Public;

/// <summary>What readings and exchanges tell of, as docs/workforce.md lists it.</summary>
internal static class ReadingEvents
{
    public static readonly EventKind<ReReadAsked> ReReadRequested = new("re_read.requested", 1, ReadingEventJson.Default.ReReadAsked);
    public static readonly EventKind<MeterSwap> MeterExchanged = new("meter.exchanged", 1, ReadingEventJson.Default.MeterSwap);
    public static readonly EventKind<MeterSwap> MeterExchangeUndone = new("meter.exchange_undone", 1, ReadingEventJson.Default.MeterSwap);
}

/// <param name="ReadingId">The doubted reading.</param>
internal sealed record ReReadAsked(Guid MeterId, Guid ReadingId);

/// <param name="OldMeterId">Taken away by the exchange.</param>
/// <param name="NewMeterId">Put there by it.</param>
internal sealed record MeterSwap(Guid OldMeterId, Guid NewMeterId, Guid ServicePointId, DateTimeOffset ExchangedAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReReadAsked))]
[JsonSerializable(typeof(MeterSwap))]
internal sealed partial class ReadingEventJson : JsonSerializerContext;
