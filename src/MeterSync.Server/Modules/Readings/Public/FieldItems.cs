using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;

namespace MeterSync.Modules.Readings.Public;

/// <summary>What an item of a phone wants done.</summary>
public enum FieldOp
{
    Create,
    Update,
}

/// <summary>One item as a phone sent it, its time repaired.</summary>
/// <param name="ClientId">Made at the tap.</param>
/// <param name="Payload">As the entity's own POST takes it.</param>
/// <param name="CapturedAt">When it was captured, by the server's clock as far as the phone's can be repaired; never later than the receipt.</param>
/// <param name="ClockError">To be added to every instant in the payload: zero where the phone's clock was right or nothing is known of it.</param>
/// <param name="ReceivedAt">The server's clock.</param>
/// <param name="DeviceKey">What the phone calls itself.</param>
internal sealed record FieldMessage(Guid ClientId, FieldOp Op, JsonElement Payload, DateTimeOffset CapturedAt, TimeSpan ClockError, DateTimeOffset ReceivedAt, string DeviceKey)
{
    /// <summary>An instant of the payload by the server's clock; when it was captured where the payload names none. Never outside of what can be stored.</summary>
    public DateTimeOffset Repaired(DateTimeOffset? said)
    {
        if (said is not { } at)
        {
            return CapturedAt.ToStored();
        }

        var ticks = Int128.Clamp((Int128)at.UtcTicks + ClockError.Ticks, DateTimeOffset.MinValue.UtcTicks, DateTimeOffset.MaxValue.UtcTicks);
        return new DateTimeOffset((long)ticks, TimeSpan.Zero).ToStored();
    }
}

/// <summary>A meter as a payload names it.</summary>
internal readonly record struct NamedMeter(MeterId? Id, string? SerialNumber);

/// <summary>A reading as a payload names it: by its id, or by the client_id it was saved under where the phone knows no other.</summary>
internal readonly record struct NamedReading(ReadingId? Id, Guid? ClientId);

/// <param name="Id">Of what it became.</param>
/// <param name="Version">Its version; null where it has none.</param>
/// <param name="Verdict">JSON of what the rules said; null where none speak.</param>
/// <param name="AlreadyThere">It came before by another way (its own POST) with the same content.</param>
internal sealed record FieldApplied(Guid Id, int? Version, string? Verdict, bool AlreadyThere = false);

/// <summary>An item that was read and has no fault in itself.</summary>
internal abstract class FieldItem(FieldMessage message, byte[] contentHash)
{
    public FieldMessage Message => message;

    /// <summary>SHA-256 over a versioned canonical subset of the payload as it was sent: 12.5 is 12.50, unknown fields and repaired times do not count.</summary>
    public byte[] ContentHash => contentHash;

    public NamedMeter? Meter { get; init; }

    public AssignmentId? Assignment { get; init; }

    /// <summary>A reading that is to be changed: its meter is locked like one that is named.</summary>
    public NamedReading? Reading { get; init; }

    /// <summary>Its own turn; null for that of its entity.</summary>
    public int? Turn { get; init; }

    /// <summary>Set when it is applied.</summary>
    public Outcome<FieldApplied>? Result { get; set; }

    /// <summary>Something else is stored under its client_id: both are kept, and a person decides. What is refused for any other reason is rejected, also with the status 409.</summary>
    public bool IsConflict => Result is { Problem.Code.Code: var code } && code.EndsWith(".client_id_conflict", StringComparison.Ordinal);
}

/// <summary>What a batch stands on: its transaction is open, its meters are locked, and so are the assignments it names and the open ones of its meters.</summary>
/// <param name="Meters">Those the caller may read, by id.</param>
internal sealed record FieldBatch(IReadOnlyDictionary<MeterId, MeterForReading> Meters)
{
    private readonly Dictionary<string, MeterForReading> bySerial = Meters.Values.ToDictionary(meter => meter.SerialNumber, StringComparer.Ordinal);

    /// <summary>Null for a meter that is unknown, or not the caller's.</summary>
    public MeterForReading? Find(NamedMeter named) => named.Id is { } id ? Meters.GetValueOrDefault(id) : named.SerialNumber is { } serial ? bySerial.GetValueOrDefault(serial) : null;
}

/// <summary>One kind of thing that phones bring: reads its items and applies them, many in one transaction.</summary>
internal interface IFieldEntity
{
    /// <summary>The word in <c>entity</c>.</summary>
    string Name { get; }

    /// <summary>Items of a lower turn of a batch are applied first, whatever their order: work is begun (10) before readings and skips (20, 30) end it, and what else is said of it follows (40 and more). An item may have
    /// a turn of its own.</summary>
    int Turn { get; }

    Permission Permission { get; }

    /// <summary>Reads a payload without asking the database.</summary>
    Outcome<FieldItem> Read(FieldMessage message);

    /// <summary>Meters that the items are about and do not name, so that they can be locked first.</summary>
    Task<IReadOnlyCollection<MeterId>> MetersOfAsync(IReadOnlyList<FieldItem> items, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyCollection<MeterId>>([]);

    /// <summary>Applies items of this entity, in the order they were made, inside the transaction under way, and sets each one's result. A refused item has changed nothing.
    /// Questions to the database are asked for all items together as far as they come in numbers.</summary>
    Task ApplyAsync(FieldBatch batch, IReadOnlyList<FieldItem> items, CancellationToken cancellationToken);
}
