using System.Text;
using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Readings.Recording;
using MeterSync.Store;
using MeterSync.Store.Bulk;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Readings.Field;

/// <summary>A reading that a phone brings.</summary>
internal sealed class ReadingItem(FieldMessage message, byte[] hash, CreateReadingRequest request, CreateReadingContent content) : FieldItem(message, hash)
{
    /// <summary>As it was sent.</summary>
    public CreateReadingRequest Request => request;

    /// <summary>With its time repaired.</summary>
    public CreateReadingContent Content => content;
}

/// <summary>Readings as phones bring them.</summary>
internal sealed class BroughtReadings(MeterSyncDb db, IRequestReader reader, RecordReadings recording, ReadingNotes notes, WriteTransactions transactions, CallerAccessor callers) : IFieldEntity
{
    public string Name => "reading";

    public int Turn => 20;

    public Permission Permission => ReadingPermissions.Create;

    public Outcome<FieldItem> Read(FieldMessage message) => message.Op is FieldOp.Update ? notes.Read(message) : ReadNew(message);

    public async Task<IReadOnlyCollection<MeterId>> MetersOfAsync(IReadOnlyList<FieldItem> items, CancellationToken cancellationToken)
    {
        List<NamedReading> named = [.. items.OfType<NoteEdit>().Select(edit => edit.Reading!.Value).Distinct()];
        return named.Count == 0 ? [] : await notes.MetersOfAsync(named, cancellationToken);
    }

    private Outcome<FieldItem> ReadNew(FieldMessage message)
    {
        var request = reader.Read<CreateReadingRequest>(message.Payload);
        if (!request.Succeeded)
        {
            return request.Problem;
        }

        var sent = request.Value with { ClientId = message.ClientId, DeviceId = request.Value.DeviceId ?? message.DeviceKey };
        var content = CreateReadingContent.Of(sent);
        if (!content.Succeeded)
        {
            return content.Problem;
        }

        var repaired = content.Value with { At = message.Repaired(content.Value.At) };
        return new ReadingItem(message, content.Value.HashOf(sent), sent, repaired) { Meter = new NamedMeter(sent.MeterId is { } id ? new MeterId(id) : null, sent.SerialNumber?.Trim()) };
    }

    public async Task ApplyAsync(FieldBatch batch, IReadOnlyList<FieldItem> items, CancellationToken cancellationToken)
    {
        List<NoteEdit> edits = [.. items.OfType<NoteEdit>()];
        if (edits.Count > 0)
        {
            await notes.ApplyAsync(edits, cancellationToken);
        }

        List<ReadingItem> fresh = [.. items.OfType<ReadingItem>()];
        if (fresh.Count > 0)
        {
            await RecordAsync(batch, fresh, cancellationToken);
        }
    }

    private async Task RecordAsync(FieldBatch batch, List<ReadingItem> fresh, CancellationToken cancellationToken)
    {
        await AnswerSentAsync(batch, fresh, cancellationToken);
        fresh.RemoveAll(item => item.Result is not null || RefusesSource(item));
        var meters = batch.Meters.ToDictionary();
        // One of each meter at a time: the second is judged by the first.
        foreach (var round in Rounds(batch, fresh))
        {
            var visits = round.ConvertAll(item => new RecordedVisit(item.Request, item.Content, item.ContentHash, meters[batch.Find(item.Meter!.Value)!.Id], item.Message.ReceivedAt));
            var outcomes = await recording.RecordAsync(visits, cancellationToken);
            for (var index = 0; index < round.Count; index++)
            {
                var outcome = outcomes[index];
                round[index].Result = outcome.Succeeded ? Applied(outcome.Value.View) : outcome.Problem;
                if (outcome is { Succeeded: true, Value: { } made })
                {
                    meters[made.Meter.Id] = made.Meter;
                }
            }
        }
    }

    /// <summary>Asked when it is new only: what came before is answered as then, whatever the caller may bring now.</summary>
    private bool RefusesSource(ReadingItem item)
    {
        if (recording.RefuseSource(item.Content) is not { } refusal)
        {
            return false;
        }

        item.Result = refusal;
        transactions.Afterwards(() => ReadingMetrics.Refused(item.Content.Source));
        return true;
    }

    /// <summary>A meter's k-th item is in the k-th round. Items of unknown meters are refused.</summary>
    private List<List<ReadingItem>> Rounds(FieldBatch batch, List<ReadingItem> items)
    {
        var rounds = new List<List<ReadingItem>>();
        var seen = new Dictionary<MeterId, int>();
        foreach (var item in items)
        {
            if (batch.Find(item.Meter!.Value) is not { } meter)
            {
                item.Result = RecordReadings.UnknownMeter(item.Request, callers.Caller);
                transactions.Afterwards(() => ReadingMetrics.Refused(item.Content.Source));
                continue;
            }

            var round = seen[meter.Id] = seen.GetValueOrDefault(meter.Id) + 1;
            if (rounds.Count < round)
            {
                rounds.Add([]);
            }

            rounds[round - 1].Add(item);
        }

        return rounds;
    }

    /// <summary>Those that came by POST /readings before.</summary>
    private async Task AnswerSentAsync(FieldBatch batch, List<ReadingItem> items, CancellationToken cancellationToken)
    {
        var sent = await db.Among<Reading>(nameof(Reading.ClientId), items.Select(item => item.Message.ClientId)).AsNoTracking()
            .Select(reading => new { reading.Id, reading.ClientId, reading.ContentHash, reading.AgentId, reading.Version, reading.State }).ToListAsync(cancellationToken);
        foreach (var there in sent)
        {
            var item = items.Find(candidate => candidate.Message.ClientId == there.ClientId)!;
            // A reading that nobody took by hand has no agent: who sees its meter, and not only what is their own, may bring it again.
            var isOwn = there.AgentId == callers.Caller.UserId || (there.AgentId is null && callers.Caller.OwnOnly is null && batch.Find(item.Meter!.Value) is not null);
            item.Result = isOwn && item.ContentHash.AsSpan().SequenceEqual(there.ContentHash)
                ? new FieldApplied(there.Id.Value, there.Version, $$"""{"state":"{{Terms<ReadingState>.WordOf(there.State)}}"}""", AlreadyThere: true)
                : RecordReadings.SentWithOther(item.Message.ClientId);
        }
    }

    private static FieldApplied Applied(ReadingView view)
    {
        using var buffer = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("state", Terms<ReadingState>.WordOf(view.State));
            json.WriteString("quality", Terms<Quality>.WordOf(view.Quality));
            if (view.Evidence is var evidence and not ReadingEvidence.None)
            {
                json.WriteString("evidence", Terms<ReadingEvidence>.WordOf(evidence));
            }

            json.WriteStartArray("values");
            foreach (var value in view.Values)
            {
                Write(json, value);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return new FieldApplied(view.Id, view.Version, Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    private static void Write(Utf8JsonWriter json, ReadingValueView value)
    {
        json.WriteStartObject();
        json.WriteString("label", value.Label);
        json.WriteNumber("value", value.Value);
        json.WriteString("state", Terms<ReadingState>.WordOf(value.Verdict.State));
        json.WriteStartArray("findings");
        foreach (var finding in value.Verdict.Findings)
        {
            json.WriteStartObject();
            json.WriteString("rule", finding.Rule);
            json.WriteString("effect", Terms<Metering.Vee.FindingEffect>.WordOf(finding.Effect));
            json.WriteString("message", finding.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (value.Verdict.Consumption is { } use)
        {
            json.WriteNumber("consumption", use);
        }

        json.WriteEndObject();
    }
}
