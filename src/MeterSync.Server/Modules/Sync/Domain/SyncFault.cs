using MeterSync.Kernel;

namespace MeterSync.Modules.Sync.Domain;

public enum SyncFaultKind
{
    /// <summary>The same client_id came with other content.</summary>
    Conflict,

    /// <summary>It could not be read, or was refused.</summary>
    Quarantine,
}

public enum SyncFaultStatus
{
    Open,
    Resolved,
}

public enum SyncFaultResolution
{
    /// <summary>A person looked at it, and nothing is to be done.</summary>
    Dismissed,

    /// <summary>It was applied after all.</summary>
    Retried,

    /// <summary>The second version took the place of the first.</summary>
    Taken,
}

/// <summary>What a phone brought and could not be applied, kept with its bytes for a person to deal with.</summary>
internal sealed class SyncFault : IVersioned
{
    public SyncFaultId Id { get; set; }

    public SyncFaultKind Kind { get; set; }

    public FieldDeviceId DeviceId { get; set; }

    public UserId UserId { get; set; }

    public Guid? BatchId { get; set; }

    /// <summary>Null where it could not be read.</summary>
    public Guid? ClientId { get; set; }

    public string? Entity { get; set; }

    /// <summary>As it came.</summary>
    public byte[] Raw { get; set; } = [];

    /// <summary>SHA-256 of <see cref="Raw"/>: whoever sends it again makes no second one.</summary>
    public byte[] RawHash { get; set; } = [];

    /// <summary>What the phone said of its clocks when it sent: JSON of a <see cref="PhoneClock"/>. Null where it said nothing.</summary>
    public string? SentClock { get; set; }

    /// <summary>Code of the problem.</summary>
    public string Code { get; set; } = "";

    public string Message { get; set; } = "";

    /// <summary>For the screen of whoever decides: what happened, and what can be done.</summary>
    public string Explanation { get; set; } = "";

    public DateTimeOffset ReceivedAt { get; set; }

    /// <summary>How often it was sent.</summary>
    public int Times { get; set; }

    public SyncFaultStatus Status { get; set; }

    public SyncFaultResolution? Resolution { get; set; }

    public DateTimeOffset? ResolvedAt { get; set; }

    public UserId? ResolvedBy { get; set; }

    public string? Note { get; set; }

    public int Version { get; set; } = 1;
}
