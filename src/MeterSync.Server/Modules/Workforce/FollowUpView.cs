using MeterSync.Modules.Workforce.Domain;

namespace MeterSync.Modules.Workforce;

/// <summary>A meter somebody has to look after, as the API shows one.</summary>
/// <param name="ClosedAt">Null while it is open.</param>
/// <param name="ClosedBy">Null where a reading closed it.</param>
internal sealed record FollowUpView(Guid Id, Guid MeterId, string SerialNumber, FollowUpReason Reason, string? Note, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, Guid? ClosedBy)
{
    public static FollowUpView Of(FollowUp followUp, string serialNumber) =>
        new(followUp.Id.Value, followUp.MeterId.Value, serialNumber, followUp.Reason, followUp.Note, followUp.OpenedAt, followUp.ClosedAt, followUp.ClosedBy?.Value);
}
