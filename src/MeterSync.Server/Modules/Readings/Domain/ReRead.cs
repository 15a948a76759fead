using MeterSync.Kernel;

namespace MeterSync.Modules.Readings.Domain;

/// <summary>A supervisor asks for a value again. The next reading of the meter answers it, or its removal in an exchange: no mark has to be set, so that none can be missing.</summary>
internal sealed class ReRead : IAudited
{
    public ReReadId Id { get; set; }

    /// <summary>The reading that is doubted.</summary>
    public ReadingId ReadingId { get; set; }

    public MeterId MeterId { get; set; }

    public string Reason { get; set; } = "";

    /// <summary>Null where the operator at the machine asked.</summary>
    public UserId? RequestedBy { get; set; }

    public DateTimeOffset RequestedAt { get; set; }

    public string AuditName => "re_read";

    public Guid AuditId => Id.Value;
}
