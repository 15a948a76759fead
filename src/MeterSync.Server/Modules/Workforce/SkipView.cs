using MeterSync.Modules.Workforce.Domain;

namespace MeterSync.Modules.Workforce;

/// <summary>A visit without a value, as the API shows one.</summary>
internal sealed record SkipView(
    Guid Id,
    Guid? ClientId,
    Guid MeterId,
    string SerialNumber,
    Guid? AgentId,
    Guid? CycleId,
    Guid? AssignmentId,
    SkipCode Code,
    string? Note,
    string? PhotoUrl,
    PlaceView? Location,
    double? AccuracyM,
    DateTimeOffset SkippedAt,
    DateTimeOffset ReceivedAt)
{
    public static SkipView Of(Skip skip, string serialNumber) => new(
        skip.Id.Value,
        skip.ClientId,
        skip.MeterId.Value,
        serialNumber,
        skip.AgentId?.Value,
        skip.CycleId?.Value,
        skip.AssignmentId?.Value,
        skip.Code,
        skip.Note,
        skip.PhotoUrl,
        skip is { Latitude: { } latitude, Longitude: { } longitude } ? new PlaceView(latitude, longitude) : null,
        skip.AccuracyMetres,
        skip.SkippedAt,
        skip.ReceivedAt);
}
