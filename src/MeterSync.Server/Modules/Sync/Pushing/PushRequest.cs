using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Sync.Domain;

namespace MeterSync.Modules.Sync.Pushing;

/// <summary>What stands around the items of a batch. What only tells of the phone is cut to what fits: no item waits for it.</summary>
/// <param name="DeviceId">What the phone calls itself; or the header X-Device-Id.</param>
/// <param name="Epoch">The last one the phone heard of.</param>
/// <param name="Clock">When it sent.</param>
/// <param name="LastReceipt">The newest it was given in that epoch: shows whether the server still knows what it acknowledged.</param>
/// <param name="UnsentCount">Items it holds beside these.</param>
internal sealed record PushRequest(
    [property: StringLength(DeviceContact.MostKey, MinimumLength = 1)] string? DeviceId,
    string? DeviceName,
    string? AppVersion,
    long? UnsentCount,
    Guid? BatchId,
    Guid? Epoch,
    PhoneClockRequest? Clock,
    LastReceiptRequest? LastReceipt);

internal sealed record LastReceiptRequest(Guid ClientId, long ServerSeq, string? Chain, string? Mac);

internal sealed record PhoneClockRequest(DateTimeOffset? Wall, long? MonotonicMs, long? ServerOffsetMs, [property: StringLength(100)] string? BootId)
{
    public PhoneClock AsClock(DateTimeOffset? captured) => new(Wall ?? captured, MonotonicMs, ServerOffsetMs, BootId);
}

/// <param name="Entity">reading where left out.</param>
/// <param name="CapturedAt">By the phone's clock.</param>
/// <param name="Payload">As the entity's own POST takes it.</param>
internal sealed record PushItemRequest([property: Required] Guid? ClientId, [property: StringLength(40)] string? Entity, [property: TermOf(typeof(FieldOp))] string? Op, DateTimeOffset? CapturedAt, PhoneClockRequest? Clock, JsonElement? Payload);
