using MeterSync.Modules.Sync.Domain;

namespace MeterSync.Modules.Sync;

/// <summary>A phone as the office sees it.</summary>
/// <param name="DeviceId">What the phone calls itself.</param>
/// <param name="Name">What its owner calls it; null where it does not say. App version likewise.</param>
/// <param name="UnsentCount">What it said at its last contact that it still had to send; null where it does not say.</param>
/// <param name="ClockErrorMs">What had to be added to its clock at its last batch; null unknown.</param>
/// <param name="OpenFaults">Conflicts and quarantined items of it that wait for a person.</param>
/// <param name="LastSeq">Number of its last receipt; 0 before the first.</param>
/// <param name="LastSeenAt">To the minute.</param>
/// <param name="RevokedAt">Since when it is refused; null while it is not.</param>
internal sealed record FieldDeviceView(
    Guid Id,
    Guid UserId,
    string UserName,
    string DeviceId,
    string? Name,
    string? AppVersion,
    int? UnsentCount,
    long? ClockErrorMs,
    int OpenFaults,
    long LastSeq,
    DateTimeOffset FirstSeenAt,
    DateTimeOffset LastSeenAt,
    DateTimeOffset? RevokedAt,
    Guid? RevokedBy)
{
    public static FieldDeviceView Of(FieldDevice device, string? userName, int openFaults) => new(
        device.Id.Value,
        device.UserId.Value,
        userName ?? "",
        device.DeviceKey,
        device.Name,
        device.AppVersion,
        device.UnsentCount,
        device.ClockErrorMs,
        openFaults,
        device.Seq,
        device.FirstSeenAt,
        device.LastSeenAt,
        device.RevokedAt,
        device.RevokedBy?.Value);
}
