using MeterSync.Kernel;
using MeterSync.Metering;

namespace MeterSync.Modules.Readings.Domain;

/// <summary>A meter taken from its service point and another put there, with the last value of the one and the first of the other. It stays, also when it was undone.</summary>
internal sealed class MeterExchange : IAudited
{
    public MeterExchangeId Id { get; set; }

    /// <summary>Made by the sender; unique, so that a resend is the same exchange.</summary>
    public Guid? ClientId { get; set; }

    /// <summary>SHA-256 over what makes the exchange the same one.</summary>
    public byte[] ContentHash { get; set; } = [];

    public ServicePointId ServicePointId { get; set; }

    public MeterId OldMeterId { get; set; }

    public MeterId NewMeterId { get; set; }

    public DateTimeOffset ExchangedAt { get; set; }

    public ReadingId RemovalReadingId { get; set; }

    public ReadingId InstallReadingId { get; set; }

    /// <summary>Of the old meter before.</summary>
    public MeterStatus OldStatus { get; set; }

    /// <summary>Of the new meter before; null where the exchange made it.</summary>
    public MeterStatus? NewStatus { get; set; }

    public string? Reason { get; set; }

    public string? Notes { get; set; }

    /// <summary>Null where the operator at the machine did it.</summary>
    public UserId? ExchangedBy { get; set; }

    public DateTimeOffset RecordedAt { get; set; }

    public DateTimeOffset? UndoneAt { get; set; }

    public UserId? UndoneBy { get; set; }

    public string AuditName => "meter_exchange";

    public Guid AuditId => Id.Value;
}
