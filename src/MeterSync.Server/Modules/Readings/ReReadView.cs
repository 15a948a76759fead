using MeterSync.Kernel;
using MeterSync.Modules.Readings.Domain;

namespace MeterSync.Modules.Readings;

/// <summary>A request to read a meter again, as the API shows one.</summary>
/// <param name="ReadingId">The reading that is doubted.</param>
/// <param name="Status">open, or done once the meter was read again.</param>
/// <param name="AnsweredBy">The reading that answered it: the first one taken after the request that was not rejected.</param>
internal sealed record ReReadView(Guid Id, Guid ReadingId, Guid MeterId, string SerialNumber, string Reason, Guid? RequestedBy, DateTimeOffset RequestedAt, string Status, Guid? AnsweredBy)
{
    public const string Open = "open";
    public const string Done = "done";

    public static ReReadView Of(ReRead reRead, string serialNumber, ReadingId? answer) => new(
        reRead.Id.Value, reRead.ReadingId.Value, reRead.MeterId.Value, serialNumber, reRead.Reason, reRead.RequestedBy?.Value, reRead.RequestedAt, answer is null ? Open : Done, answer?.Value);
}
