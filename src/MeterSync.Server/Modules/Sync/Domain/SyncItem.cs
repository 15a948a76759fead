using MeterSync.Kernel;
using MeterSync.Modules.Readings.Public;

namespace MeterSync.Modules.Sync.Domain;

/// <summary>An item that was applied, with the first answer to it.</summary>
internal sealed class SyncItem
{
    public Guid ClientId { get; set; }

    public FieldDeviceId DeviceId { get; set; }

    public long ServerSeq { get; set; }

    public string Entity { get; set; } = "";

    public FieldOp Op { get; set; }

    /// <summary>What it became.</summary>
    public Guid EntityId { get; set; }

    public byte[] ContentHash { get; set; } = [];

    public byte[] Chain { get; set; } = [];

    public byte[] Mac { get; set; } = [];

    /// <summary>Version then; null where there are none.</summary>
    public int? Version { get; set; }

    /// <summary>JSON of what the rules said then.</summary>
    public string? Verdict { get; set; }

    /// <summary>As the phone's clock had it.</summary>
    public DateTimeOffset? WallAt { get; set; }

    public long? MonotonicMs { get; set; }

    public long? ServerOffsetMs { get; set; }

    /// <summary>Repaired, and never later than the receipt.</summary>
    public DateTimeOffset CapturedAt { get; set; }

    public DateTimeOffset ReceivedAt { get; set; }
}

/// <summary>A key that receipts are signed with.</summary>
internal sealed class ReceiptKey
{
    public int Number { get; set; }

    /// <summary>Encrypted.</summary>
    public byte[] Secret { get; set; } = [];

    public DateTimeOffset CreatedAt { get; set; }
}
