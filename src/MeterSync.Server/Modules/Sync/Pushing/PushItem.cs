using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Sync.Domain;

namespace MeterSync.Modules.Sync.Pushing;

/// <summary>What became of an item.</summary>
public enum PushStatus
{
    Applied,
    Duplicate,
    Conflict,
    Rejected,
}

/// <summary>One item of a batch, from its bytes to its answer.</summary>
internal sealed class PushItem(int place, ReadOnlyMemory<byte> raw)
{
    /// <summary>From 0.</summary>
    public int Place => place;

    /// <summary>As it came.</summary>
    public ReadOnlyMemory<byte> Raw => raw;

    /// <summary>Null where it could not be read.</summary>
    public Guid? ClientId { get; set; }

    public string? Entity { get; set; }

    public FieldOp Op { get; set; }

    public PhoneClock Clock { get; set; } = new(null, null, null, null);

    public RepairedTime Time { get; set; }

    public JsonElement Payload { get; set; }

    /// <summary>Null where it has a fault in itself.</summary>
    public FieldItem? Field { get; set; }

    public PushStatus? Status { get; set; }

    public Guid? ServerId { get; set; }

    public int? Version { get; set; }

    /// <summary>JSON.</summary>
    public string? Verdict { get; set; }

    public Receipt? Receipt { get; set; }

    public Problem? Problem { get; set; }

    /// <summary>Why the caller may not bring it; null where nothing is in the way. It stands back behind the answer to an item that came before.</summary>
    public Problem? Barred { get; set; }

    /// <summary>Takes the answer of an attempt back.</summary>
    public void Begin()
    {
        if (Field is null)
        {
            return;
        }

        (Field.Result, Status, ServerId, Version, Verdict, Receipt, Problem) = (null, null, null, null, null, null, null);
    }

    public void Reject(Problem problem, bool isConflict = false) => (Status, Problem) = (isConflict ? PushStatus.Conflict : PushStatus.Rejected, problem);

    public void Answer(PushStatus status, Guid serverId, int? version, string? verdict, Receipt receipt) =>
        (Status, ServerId, Version, Verdict, Receipt) = (status, serverId, version, verdict, receipt);
}

/// <summary>A batch as it was read.</summary>
internal sealed record PushBatch(PushRequest Head, string DeviceKey, DateTimeOffset ReceivedAt, IReadOnlyList<PushItem> Items)
{
    /// <summary>Null where the phone itself brings it. Otherwise the office does, for this phone: it need not be one that may still come, and it was not in touch.</summary>
    public FieldDeviceId? OnBehalfOf { get; init; }

    /// <summary>False where what is refused is kept already.</summary>
    public bool KeepsFaults { get; init; } = true;

    public DeviceContact Contact => new(DeviceKey)
    {
        Name = DeviceContact.Plain(Head.DeviceName, DeviceContact.MostName),
        AppVersion = DeviceContact.Plain(Head.AppVersion, DeviceContact.MostVersion),
        UnsentCount = Head.UnsentCount is { } count ? (int)Math.Clamp(count, 0, int.MaxValue) : null,
        ClockErrorMs = Head.Clock?.Wall is { } wall ? (long)(ReceivedAt - wall).TotalMilliseconds : null,
    };
}

/// <summary>Reads items into the entities that apply them. Asks no database.</summary>
internal sealed class ReadItems(IEnumerable<IFieldEntity> entities, IRequestReader reader, CallerAccessor callers)
{
    private readonly Dictionary<string, IFieldEntity> byName = entities.GroupBy(entity => entity.Name, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

    public IFieldEntity EntityOf(PushItem item) => byName[item.Entity!];

    /// <summary>Sets what the item is, or the problem that it has.</summary>
    public void Read(PushItem item, JsonElement json, PhoneClock? sent, DateTimeOffset received, string deviceKey)
    {
        if (ReadHead(item, json) is { } fault)
        {
            item.ClientId ??= IdIn(json);
            item.Reject(fault);
            return;
        }

        item.Time = ClockRepair.Of(item.Clock, sent, received);
        if (!byName.TryGetValue(item.Entity!, out var entity))
        {
            item.Reject(SyncProblems.UnknownEntity.For("entity", $"There is no entity {item.Entity}; known are: {string.Join(", ", byName.Keys.Order(StringComparer.Ordinal))}."));
            return;
        }

        if (!callers.Caller.May(entity.Permission))
        {
            item.Barred = KernelProblems.Forbidden.For("entity", $"To bring a {entity.Name} you need the permission {entity.Permission}.");
        }

        var read = entity.Read(new FieldMessage(item.ClientId!.Value, item.Op, item.Payload, item.Time.CapturedAt, item.Time.Error, received, deviceKey));
        if (read.Succeeded)
        {
            item.Field = read.Value;
        }
        else
        {
            item.Reject(read.Problem);
        }
    }

    private Problem? ReadHead(PushItem item, JsonElement json)
    {
        var read = reader.Read<PushItemRequest>(json);
        if (!read.Succeeded)
        {
            return SyncProblems.ItemMalformed.Because(read.Problem.Message, read.Problem.Details ?? new Dictionary<string, string[]>());
        }

        var head = read.Value;
        if (head.ClientId == Guid.Empty)
        {
            return SyncProblems.ItemMalformed.For("client_id", "client_id: an id of zeros is nobody's.");
        }

        // The first seed's shape has the reading itself where a payload would be.
        var isBare = head is { Payload: null, Entity: null };
        item.ClientId = head.ClientId;
        item.Entity = head.Entity ?? "reading";
        item.Op = Terms<FieldOp>.ParseOptional(head.Op) ?? FieldOp.Create;
        item.Clock = head.Clock?.AsClock(head.CapturedAt) ?? new PhoneClock(head.CapturedAt, null, null, null);
        item.Payload = isBare ? json : head.Payload ?? default;
        return item.Payload.ValueKind is JsonValueKind.Object ? null : SyncProblems.ItemMalformed.For("payload", "payload: an object is wanted here.");
    }

    /// <summary>So that a phone can tell which of its items it was.</summary>
    private static Guid? IdIn(JsonElement json) =>
        json.ValueKind is JsonValueKind.Object && json.TryGetProperty("client_id", out var id) && id.ValueKind is JsonValueKind.String && id.TryGetGuid(out var found) ? found : null;
}
