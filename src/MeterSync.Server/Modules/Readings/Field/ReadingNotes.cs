using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using MeterSync.Store.Audit;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Readings.Field;

/// <param name="ReadingId">The reading; or <paramref name="ReadingClientId"/>, under which it was sent.</param>
/// <param name="Notes">Empty takes them away.</param>
internal sealed record ReadingNotesRequest(Guid? ReadingId, Guid? ReadingClientId, [property: Required(AllowEmptyStrings = true), StringLength(2000)] string? Notes);

/// <summary>Other notes for a reading.</summary>
internal sealed class NoteEdit(FieldMessage message, string? notes, byte[] contentHash) : FieldItem(message, contentHash)
{
    /// <summary>Null takes them away.</summary>
    public string? Notes => notes;

    public LastWrite Said => new(Message.CapturedAt.ToStored(), Message.ClientId);
}

/// <summary>Notes of unverified readings that phones change: the last one by the time of capture holds, and what lost stays in the audit log.</summary>
internal sealed class ReadingNotes(IRequestReader reader, MeterSyncDb db, IReadingWatcher watcher, CallerAccessor callers)
{
    private const int AtOnce = 500;

    /// <summary>After the readings of the same batch.</summary>
    private const int Turn = 60;

    public Outcome<FieldItem> Read(FieldMessage message)
    {
        var read = reader.Read<ReadingNotesRequest>(message.Payload);
        if (!read.Succeeded)
        {
            return read.Problem;
        }

        var request = read.Value;
        return request.ReadingId is null == request.ReadingClientId is null
            ? KernelProblems.Invalid.For("reading_id", "Name the reading by reading_id or by reading_client_id.")
            : new NoteEdit(message, string.IsNullOrWhiteSpace(request.Notes) ? null : request.Notes, SHA256.HashData(Encoding.UTF8.GetBytes($"reading_notes/1|{request.ReadingId}|{request.ReadingClientId}|{request.Notes}")))
            {
                Reading = new NamedReading(request.ReadingId is { } id ? new ReadingId(id) : null, request.ReadingClientId),
                Turn = Turn,
            };
    }

    /// <summary>The meters of the readings, whosever they are, so that they can be locked first; of unknown ones there are none.</summary>
    public async Task<IReadOnlyCollection<MeterId>> MetersOfAsync(IReadOnlyCollection<NamedReading> named, CancellationToken cancellationToken)
    {
        var meters = new HashSet<MeterId>();
        foreach (var (ids, clients) in Parts(named))
        {
            meters.UnionWith(await db.Set<Reading>().Where(reading => ids.Contains(reading.Id) || clients.Contains(reading.ClientId)).Select(reading => reading.MeterId).ToListAsync(cancellationToken));
        }

        return meters;
    }

    /// <summary>Inside the transaction of a batch, with the readings' meters locked; saves.</summary>
    public async Task ApplyAsync(IReadOnlyList<NoteEdit> edits, CancellationToken cancellationToken)
    {
        var found = await FindAsync([.. edits.Select(edit => edit.Reading!.Value).Distinct()], cancellationToken);
        var said = new List<(NoteEdit Edit, Reading Reading)>();
        foreach (var edit in edits.OrderBy(edit => edit.Said, Comparer<LastWrite>.Create(LastWrite.Compare)))
        {
            if (found.GetValueOrDefault(edit.Reading!.Value) is not { } reading)
            {
                edit.Result = ReadingProblems.NotFound.For(edit.Reading.Value.Id is null ? "reading_client_id" : "reading_id", "There is no such reading.");
            }
            else if (reading.VerifiedAt is not null)
            {
                edit.Result = ReadingProblems.NotEditable.Because("The reading is verified: its notes are not changed from the field any more.");
            }
            else
            {
                said.Add((edit, reading));
            }
        }

        foreach (var group in said.GroupBy(one => one.Reading, one => one.Edit))
        {
            await SettleAsync(group.Key, [.. group], cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        await TellAsync([.. said.Select(one => one.Reading).Distinct()], cancellationToken);
        foreach (var (edit, reading) in said)
        {
            var holds = reading.NotesClientId == edit.Message.ClientId;
            edit.Result = new FieldApplied(reading.Id.Value, reading.Version, holds ? null : """{"superseded":true}""");
        }
    }

    /// <summary>Other phones of those who brought the readings hear of it.</summary>
    private async Task TellAsync(IReadOnlyList<Reading> edited, CancellationToken cancellationToken)
    {
        foreach (var reading in edited.Where(reading => reading.AgentId is not null))
        {
            watcher.Changed(reading.Id, reading.AgentId!.Value);
        }

        await watcher.WriteAsync([], cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <param name="reading">Tracked, not verified.</param>
    /// <param name="edits">In the order in which they count.</param>
    /// <param name="cancellationToken">Stops before it is saved.</param>
    private async Task SettleAsync(Reading reading, List<NoteEdit> edits, CancellationToken cancellationToken)
    {
        var last = edits[^1];
        var holds = reading.NotesAt is not { } at || last.Said.IsAfter(new LastWrite(at, reading.NotesClientId));
        foreach (var lost in holds ? edits.SkipLast(1) : edits.Where(edit => edit.Message.ClientId != reading.NotesClientId))
        {
            var told = new JsonObject { ["notes"] = lost.Notes, ["notes_at"] = lost.Said.At.ToString("O"), ["notes_client_id"] = lost.Message.ClientId };
            db.Add(await AuditTrail.ComposeAsync(db, "notes_superseded", reading.AuditName, reading.AuditId, null, told.ToJsonString(), cancellationToken));
        }

        if (holds)
        {
            (reading.Notes, reading.NotesAt, reading.NotesClientId) = (last.Notes, last.Said.At, last.Message.ClientId);
        }
    }

    /// <summary>Those the caller may change, by the name they were given; tracked and locked.</summary>
    private async Task<Dictionary<NamedReading, Reading>> FindAsync(IReadOnlyCollection<NamedReading> named, CancellationToken cancellationToken)
    {
        var caller = callers.Caller;
        var found = new Dictionary<NamedReading, Reading>();
        var mine = db.Set<Reading>().AsQueryable();
        if (caller.OwnOnly is { } own)
        {
            mine = mine.Where(reading => reading.AgentId == own);
        }
        else if (caller.RegionsOnly is { } regions)
        {
            var meters = db.MetersFrom(regions);
            mine = mine.Where(reading => meters.Contains(reading.MeterId));
        }

        foreach (var (ids, clients) in Parts(named))
        {
            if (!db.IsSqlite)
            {
                Guid[] byId = [.. ids.Select(id => id.Value)];
                Guid[] byClient = [.. clients.OfType<Guid>()];
                await db.Database.ExecuteSqlAsync($"select 1 from readings where id = any({byId}) or client_id = any({byClient}) order by id for no key update", cancellationToken);
            }

            foreach (var reading in await mine.Where(reading => ids.Contains(reading.Id) || clients.Contains(reading.ClientId)).ToListAsync(cancellationToken))
            {
                found[new NamedReading(reading.Id, null)] = reading;
                if (reading.ClientId is { } client)
                {
                    found[new NamedReading(null, client)] = reading;
                }
            }
        }

        return found;
    }

    private static IEnumerable<(List<ReadingId> Ids, List<Guid?> Clients)> Parts(IReadOnlyCollection<NamedReading> named) =>
        named.Chunk(AtOnce).Select(part => (part.Select(one => one.Id).OfType<ReadingId>().ToList(), part.Where(one => one.Id is null).Select(one => one.ClientId).ToList()));
}
