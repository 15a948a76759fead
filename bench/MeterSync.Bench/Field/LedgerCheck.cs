using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using MeterSync.Bench.Field.Phones;
using MeterSync.Bench.Http;

namespace MeterSync.Bench.Field;

/// <summary>Compares what phones were told with what the server holds, through the API alone: what was acknowledged is there, what is there was captured, and nothing is there twice.</summary>
internal sealed class LedgerCheck(Target target, Uri server, Ledger ledger)
{
    private const int PageOfReceipts = 500;
    private static readonly TimeSpan s_clockTolerance = TimeSpan.FromSeconds(5);

    public async Task RunAsync(IReadOnlyList<Phone> phones, CancellationToken cancellationToken)
    {
        var held = Readings();
        ledger.Count("readings on the server", held.Count);
        var captured = new HashSet<Guid>();
        foreach (var phone in phones)
        {
            foreach (var item in phone.Outbox.All())
            {
                captured.Add(item.Item.ClientId);
                CompareItem(phone, item, held.GetValueOrDefault(item.Item.ClientId));
            }
        }
        foreach (var id in held.Keys.Where(id => !captured.Contains(id)))
            ledger.Fault($"The server holds {id}, which no phone captured.");
        foreach (var phone in phones)
        {
            using var wire = new PhoneWire(server, server.Port, phone.Plan.UserName, phone.Plan.Password);
            await CompareReceiptsAsync(phone, wire, cancellationToken);
            await ComparePulledAsync(phone, wire, cancellationToken);
            await ComparePhotosAsync(phone, wire, cancellationToken);
        }
    }

    /// <summary>All readings with a client id; what stands there twice is a broken promise.</summary>
    private Dictionary<Guid, JsonElement> Readings()
    {
        var held = new Dictionary<Guid, JsonElement>();
        using var connection = new HttpConnection(target.Address);
        for (var cursor = ""; cursor is not null;)
        {
            using var page = target.Ask(connection, target.Get($"/api/v1/readings?limit=100&cursor={Uri.EscapeDataString(cursor)}"));
            var data = page.RootElement.GetProperty("data");
            foreach (var reading in data.GetProperty("items").EnumerateArray())
            {
                if (reading.GetProperty("client_id").ValueKind == JsonValueKind.String && !held.TryAdd(reading.GetProperty("client_id").GetGuid(), reading.Clone()))
                    ledger.Fault($"The server holds {reading.GetProperty("client_id")} twice.");
            }
            cursor = data.GetProperty("next_cursor").GetString();
        }
        return held;
    }

    private void CompareItem(Phone phone, OutboxItem item, JsonElement reading)
    {
        var id = item.Item.ClientId;
        if (item.Item.IsBad)
        {
            if (reading.ValueKind != JsonValueKind.Undefined)
                ledger.Fault($"{phone.DeviceId}: {id} names a meter that does not exist, and is there.");
            return;
        }
        ledger.Count("readings captured");
        if (item.Receipt is null)
            ledger.Fault($"{phone.DeviceId}: {id} was never acknowledged.");
        else
            ledger.Count("readings acknowledged");
        if (reading.ValueKind == JsonValueKind.Undefined)
        {
            ledger.Fault($"{phone.DeviceId}: {id} is not on the server{(item.Receipt is { } receipt ? $", and was acknowledged with {receipt}" : "")}.");
            return;
        }
        if (reading.GetProperty("meter_id").GetString() != item.Item.MeterId || reading.GetProperty("reading_value").GetDecimal() != item.Item.Value)
            ledger.Fault($"{phone.DeviceId}: {id} is another reading on the server: {reading}");
        if (item.Receipt is not null && item.Receipt.ServerId != reading.GetProperty("id").GetString())
            ledger.Fault($"{phone.DeviceId}: {id} was said to be {item.Receipt.ServerId} and is {reading.GetProperty("id")}.");
        if (reading.GetProperty("photos").GetArrayLength() != item.Item.PhotoHashes.Count)
            ledger.Fault($"{phone.DeviceId}: {id} has {reading.GetProperty("photos").GetArrayLength()} photos and should have {item.Item.PhotoHashes.Count}.");
        if ((reading.GetProperty("reading_timestamp").GetDateTimeOffset() - item.Item.CapturedAt).Duration() <= s_clockTolerance)
            ledger.Count("times repaired to within 5 s");
    }

    /// <summary>Recomputes the chain from the phone's own content hashes: one item lost, slipped in or changed breaks it.</summary>
    private async Task CompareReceiptsAsync(Phone phone, PhoneWire wire, CancellationToken cancellationToken)
    {
        var known = phone.Outbox.All().ToDictionary(item => item.Item.ClientId);
        var (seq, chain) = (0L, new byte[SHA256.HashSizeInBytes]);
        for (var isMore = true; isMore;)
        {
            var answer = await wire.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/sync/receipts?device_id={Uri.EscapeDataString(phone.DeviceId)}&after={seq}&limit={PageOfReceipts}"), cancellationToken);
            if (!answer.IsFine)
            {
                ledger.Fault($"{phone.DeviceId}: its receipts were answered {answer.Code}.");
                return;
            }
            var items = answer.Data.GetProperty("items");
            foreach (var receipt in items.EnumerateArray())
            {
                var id = receipt.GetProperty("client_id").GetGuid();
                var number = receipt.GetProperty("server_seq").GetInt64();
                // Where the database lost its end, numbers go on behind the highest one that the phone has shown.
                var isBehindLostEnd = number > seq + 1 && number <= phone.Outbox.HighestOfEndedEpochs + 1;
                if ((number != seq + 1 && !isBehindLostEnd) || !known.Remove(id, out var item))
                {
                    ledger.Fault($"{phone.DeviceId}: receipt {receipt} is not the one after {seq}, or of nothing the phone sent.");
                    return;
                }
                if (isBehindLostEnd)
                    ledger.Count("chains that go on behind a lost end");
                seq = number;
                chain = ChainOf(chain, id, item.Item.ContentHash, seq);
                if (Convert.ToHexStringLower(chain) != receipt.GetProperty("chain").GetString())
                {
                    ledger.Fault($"{phone.DeviceId}: the chain breaks at {seq}, {id}.");
                    return;
                }
                if (item.Receipt is { } mine && (mine.ServerSeq != seq || mine.Chain != receipt.GetProperty("chain").GetString() || mine.Mac != receipt.GetProperty("mac").GetString()))
                    ledger.Fault($"{phone.DeviceId}: {id} was given {mine}, and the server has {receipt}.");
                ledger.Count("receipts verified");
            }
            isMore = answer.Data.TryGetProperty("next", out var next) && next.ValueKind != JsonValueKind.Null && items.GetArrayLength() > 0;
        }
        foreach (var item in known.Values.Where(item => !item.Item.IsBad))
            ledger.Fault($"{phone.DeviceId}: {item.Item.ClientId} has no receipt on the server.");
    }

    /// <summary>What a phone holds after many small fetches is what one fetch from the beginning gives.</summary>
    private async Task ComparePulledAsync(Phone phone, PhoneWire wire, CancellationToken cancellationToken)
    {
        var whole = new Dictionary<(string, string), int>();
        string? cursor = null;
        for (var isMore = true; isMore;)
        {
            var answer = await wire.GetAsync($"/api/v1/sync/changes?limit=1000{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}", cancellationToken);
            if (!answer.IsFine)
            {
                ledger.Fault($"{phone.DeviceId}: a fetch from the beginning was answered {answer.Code}.");
                return;
            }
            foreach (var change in SyncCalls.Changes(answer.Data))
            {
                if (change.IsDeleted)
                    whole.Remove((change.Entity, change.Id));
                else
                    whole[(change.Entity, change.Id)] = change.Version;
            }
            cursor = answer.Data.GetProperty("cursor").GetString()!;
            isMore = answer.Data.GetProperty("has_more").GetBoolean();
        }
        var pulled = phone.Outbox.Pulled();
        foreach (var (key, version) in whole.Where(one => !pulled.TryGetValue(one.Key, out var mine) || mine != one.Value))
            ledger.Fault($"{phone.DeviceId}: it holds {key} {(pulled.TryGetValue(key, out var mine) ? $"in version {mine}" : "not at all")}, and the server tells of version {version}.");
        ledger.Count("fetched things compared", whole.Count);
        ledger.Count("fetched things that a fetch from the beginning leaves out", pulled.Keys.Count(key => !whole.ContainsKey(key)));
    }

    private async Task ComparePhotosAsync(Phone phone, PhoneWire wire, CancellationToken cancellationToken)
    {
        foreach (var photo in phone.Outbox.Photos(onlyLeft: false))
        {
            ledger.Count("photos taken");
            ledger.Count("bytes of photos", photo.Size);
            if (photo.PhotoId is null || await wire.DownloadAsync($"/api/v1/photos/{photo.PhotoId}/content", cancellationToken) is not { } bytes)
                ledger.Fault($"{phone.DeviceId}: photo {photo.Sha256} of {photo.ClientId} is not on the server.");
            else if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != photo.Sha256)
                ledger.Fault($"{phone.DeviceId}: photo {photo.Sha256} of {photo.ClientId} came back as other bytes, {bytes.Length} for {photo.Size}.");
            else
                ledger.Count("photos byte for byte the same");
        }
        foreach (var item in phone.Outbox.All().Where(item => item is { Receipt: not null, Item.PhotoHashes.Count: > 0 }))
        {
            var answer = await wire.GetAsync($"/api/v1/readings/{item.Receipt!.ServerId}/photos", cancellationToken);
            string[] hashes = answer.IsFine ? [.. answer.Data.GetProperty("items").EnumerateArray().Select(photo => $"{photo.GetProperty("state").GetString()} {photo.GetProperty("sha256").GetString()}")] : [answer.Code];
            if (!hashes.Order(StringComparer.Ordinal).SequenceEqual(item.Item.PhotoHashes.Select(hash => $"complete {hash}").Order(StringComparer.Ordinal)))
                ledger.Fault($"{phone.DeviceId}: the photos of {item.Item.ClientId} are [{string.Join(", ", hashes)}] and should be [{string.Join(", ", item.Item.PhotoHashes)}], all complete.");
        }
    }

    private static byte[] ChainOf(byte[] previous, Guid clientId, byte[] contentHash, long serverSeq)
    {
        var number = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, serverSeq);
        return SHA256.HashData([.. previous, .. clientId.ToByteArray(bigEndian: true), .. contentHash, .. number]);
    }
}
