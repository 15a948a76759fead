using System.Text.Json.Serialization;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Domain;

namespace MeterSync.Modules.Readings;

/// <param name="SerialNumber">As it is today.</param>
internal sealed record ExchangedMeterView(Guid Id, string SerialNumber);

/// <summary>A meter exchange as the API shows it.</summary>
/// <param name="ClientId">The id its sender made; null where none was sent.</param>
/// <param name="ServicePointId">Where it was.</param>
/// <param name="ExchangedAt">End of the old installation and beginning of the new one.</param>
/// <param name="RemovalReadingId">Last reading of the old meter.</param>
/// <param name="InstallReadingId">First reading of the new meter.</param>
/// <param name="Held">One of the two readings is held and waits for a person; the exchange has happened all the same.</param>
/// <param name="ExchangedBy">Who recorded it; null for the operator at the machine.</param>
/// <param name="UndoneAt">Null while it stands.</param>
internal sealed record MeterExchangeView(
    Guid Id,
    Guid? ClientId,
    Guid ServicePointId,
    ExchangedMeterView OldMeter,
    ExchangedMeterView NewMeter,
    DateTimeOffset ExchangedAt,
    Guid RemovalReadingId,
    Guid InstallReadingId,
    bool Held,
    string? Reason,
    string? Notes,
    Guid? ExchangedBy,
    DateTimeOffset RecordedAt,
    DateTimeOffset? UndoneAt,
    Guid? UndoneBy)
{
    /// <summary>The reading itself, with its verdict; only in the answer to whoever exchanged the meters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReadingView? Removal { get; init; }

    /// <inheritdoc cref="Removal"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReadingView? Install { get; init; }

    public static MeterExchangeView Of(MeterExchange exchange, IReadOnlyDictionary<MeterId, string> serials, ReadingState removal, ReadingState install) => new(
        exchange.Id.Value,
        exchange.ClientId,
        exchange.ServicePointId.Value,
        new ExchangedMeterView(exchange.OldMeterId.Value, serials.GetValueOrDefault(exchange.OldMeterId, "")),
        new ExchangedMeterView(exchange.NewMeterId.Value, serials.GetValueOrDefault(exchange.NewMeterId, "")),
        exchange.ExchangedAt,
        exchange.RemovalReadingId.Value,
        exchange.InstallReadingId.Value,
        removal is ReadingState.Held || install is ReadingState.Held,
        exchange.Reason,
        exchange.Notes,
        exchange.ExchangedBy?.Value,
        exchange.RecordedAt,
        exchange.UndoneAt,
        exchange.UndoneBy?.Value);
}
