using MeterSync.Kernel;

namespace MeterSync.Modules.Sync.Domain;

/// <summary>A phone or tablet as one person uses it. Two people who share one have two, so that nobody writes into another's chain.</summary>
internal sealed class FieldDevice
{
    /// <summary>Contacts in between that say nothing else are not written down.</summary>
    public static readonly TimeSpan BookedEvery = TimeSpan.FromMinutes(1);

    public FieldDeviceId Id { get; set; }

    public UserId UserId { get; set; }

    /// <summary>What the phone calls itself.</summary>
    public string DeviceKey { get; set; } = "";

    public string? Name { get; set; }

    public string? AppVersion { get; set; }

    /// <summary>The session it came with last; ended when the phone is revoked.</summary>
    public SessionId? SessionId { get; set; }

    /// <summary>Number of the last receipt; 0 before the first.</summary>
    public long Seq { get; set; }

    /// <summary>Chain value of the last receipt; 32 zero bytes before the first.</summary>
    public byte[] Chain { get; set; } = Receipts.Beginning;

    /// <summary>The highest number that the phone has shown a receipt of and the database does not know; null where it lost none.</summary>
    public long? LostSeq { get; set; }

    /// <summary>What it said it still had to send; null where it does not say.</summary>
    public int? UnsentCount { get; set; }

    /// <summary>How far its clock was from the server's at the last contact: what must be added to it. Null unknown.</summary>
    public long? ClockErrorMs { get; set; }

    public DateTimeOffset FirstSeenAt { get; set; }

    public DateTimeOffset LastSeenAt { get; set; }

    /// <summary>From then on it is refused.</summary>
    public DateTimeOffset? RevokedAt { get; set; }

    public UserId? RevokedBy { get; set; }
}

/// <summary>A session a phone came with: it ends when the phone is revoked.</summary>
internal sealed class FieldDeviceSession
{
    public FieldDeviceId DeviceId { get; set; }

    public SessionId SessionId { get; set; }

    public DateTimeOffset FirstSeenAt { get; set; }
}
