using System.Net;
using System.Text.Json;

namespace MeterSync.Bench.Field.Phones;

/// <summary>Pushes batches and pulls changes, and writes down what came of it before anything else is done with it.</summary>
internal sealed class SyncCalls(PhoneWire wire, Outbox outbox, PhoneClock clock, Ledger ledger, string deviceId)
{
    private const int PageOfChanges = 1_000;

    /// <returns>Whether the server answered for the items.</returns>
    public async Task<bool> PushAsync(IReadOnlyList<OutboxItem> items, BatchSpelling spelling, CancellationToken cancellationToken)
    {
        var head = new BatchHead(deviceId, outbox.Epoch, outbox.Unsent, outbox.LastReceipt());
        var answer = await wire.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Post, "/api/v1/readings/sync") { Content = BatchBody.Make(head, clock, items, spelling) }, cancellationToken);
        if (!answer.IsFine)
        {
            ledger.Count($"batches answered {(int)answer.Status} {answer.Code}");
            if (answer.Status is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway))
                ledger.Fault($"{deviceId}: a batch of {items.Count} items was answered {(int)answer.Status}: {answer.Body}");
            return false;
        }
        ledger.Count("batches answered");
        Take(answer.Data, items.ToDictionary(item => item.Item.ClientId));
        return true;
    }

    /// <returns>Whether everything was fetched.</returns>
    public async Task<bool> PullAsync(CancellationToken cancellationToken)
    {
        var page = FetchAsync(outbox.Cursor, cancellationToken);
        while (true)
        {
            var answer = await page;
            if (!answer.IsFine)
            {
                ledger.Count($"fetches answered {(int)answer.Status} {answer.Code}");
                return false;
            }
            var cursor = answer.Data.GetProperty("cursor").GetString()!;
            var isMore = answer.Data.GetProperty("has_more").GetBoolean();
            // The server makes the next page while this one is stored.
            page = isMore ? FetchAsync(cursor, cancellationToken) : page;
            Follow(answer.Data.GetProperty("epoch").GetString()!);
            var isReset = answer.Data.GetProperty("reset").GetBoolean();
            if (isReset)
                ledger.Count("fetches from the beginning");
            outbox.Apply(Changes(answer.Data), cursor, isReset);
            if (!isMore)
                return true;
        }
    }

    private Task<WireAnswer> FetchAsync(string? cursor, CancellationToken cancellationToken) => wire.SendAsync(() => Fetch(cursor), cancellationToken);

    private HttpRequestMessage Fetch(string? cursor)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/sync/changes?limit={PageOfChanges}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
        request.Headers.Add("X-Device-Id", deviceId);
        return request;
    }

    public static List<PulledChange> Changes(JsonElement data) =>
        [.. data.GetProperty("changes").EnumerateArray().Select(change => new PulledChange(
            change.GetProperty("entity").GetString()!,
            change.GetProperty("id").GetString()!,
            change.TryGetProperty("version", out var version) && version.ValueKind == JsonValueKind.Number ? version.GetInt32() : 0,
            change.TryGetProperty("deleted", out var deleted) && deleted.GetBoolean()))];

    private void Follow(string epoch)
    {
        if (outbox.Epoch == epoch)
            return;
        if (outbox.Epoch is not null)
        {
            ledger.Count("new epochs seen");
            outbox.RememberHighestReceipt();
        }
        outbox.Epoch = epoch;
    }

    private void Take(JsonElement data, Dictionary<Guid, OutboxItem> sent)
    {
        var epoch = data.GetProperty("epoch").GetString()!;
        Follow(epoch);
        clock.Learn(data.GetProperty("server_time").GetDateTimeOffset());
        // Another answer may have come while this one was under way.
        var known = outbox.Find(sent.Keys).ToDictionary(item => item.Item.ClientId, item => item.Receipt);
        var (given, refused) = (new List<(Guid, GivenReceipt)>(), new List<(Guid, string)>());
        foreach (var result in data.GetProperty("results").EnumerateArray())
        {
            var id = result.GetProperty("client_id").GetGuid();
            if (!sent.Remove(id, out var item))
            {
                ledger.Fault($"{deviceId}: an answer for {id}, which was not in the batch.");
                continue;
            }
            var status = result.GetProperty("status").GetString()!;
            ledger.Count($"items {status}");
            if (status is "applied" or "duplicate")
                given.Add((id, Receipt(result, status, epoch, item, known.GetValueOrDefault(id))));
            else if (item.Item.IsBad && status == "rejected")
                refused.Add((id, result.GetProperty("problem").GetProperty("code").GetString()!));
            else
                Wrong(result, status, id);
        }
        if (sent.Count > 0)
            ledger.Fault($"{deviceId}: no answer for {sent.Count} items of a batch, {sent.Keys.First()} one of them.");
        outbox.Acknowledge(given, refused);
    }

    private GivenReceipt Receipt(JsonElement result, string status, string epoch, OutboxItem item, GivenReceipt? known)
    {
        var receipt = result.GetProperty("receipt");
        var given = new GivenReceipt(
            epoch, receipt.GetProperty("server_seq").GetInt64(), receipt.GetProperty("chain").GetString()!, receipt.GetProperty("mac").GetString()!, result.GetProperty("server_id").GetString()!);
        if (item.Item.IsBad)
            ledger.Fault($"{deviceId}: {item.Item.ClientId} names a meter that does not exist, and was {status}.");
        if (known is not null && known.Epoch == epoch && known != given)
            ledger.Fault($"{deviceId}: {item.Item.ClientId} was given two receipts, {known} and {given}.");
        if (item.Receipt is { } before && before.Epoch == epoch && status == "applied")
            ledger.Fault($"{deviceId}: {item.Item.ClientId} was acknowledged with {before}, lost, and applied again.");
        return given;
    }

    private void Wrong(JsonElement result, string status, Guid id)
    {
        var problem = result.TryGetProperty("problem", out var told) ? told.ToString() : "";
        ledger.Count($"items {status} that are good");
        ledger.Fault($"{deviceId}: {id} was answered {status}: {problem}");
    }
}
