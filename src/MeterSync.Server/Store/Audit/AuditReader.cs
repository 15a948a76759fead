using System.Text;
using MeterSync.Kernel;

namespace MeterSync.Store.Audit;

/// <summary>An entry whose personal values can be read, or say why not.</summary>
/// <param name="Entry">As stored.</param>
/// <param name="OldData">JSON.</param>
/// <param name="NewData">JSON.</param>
/// <param name="IsActorErased">Whether the person who acted was erased.</param>
internal sealed record OpenEntry(AuditEntry Entry, string? OldData, string? NewData, string? IpAddress, string? UserAgent, bool IsActorErased);

/// <summary>Decrypts what the audit log keeps about persons.</summary>
internal sealed class AuditReader(MeterSyncDb db, PersonKeys keys)
{
    /// <summary>In the order given; asks the database once at most.</summary>
    public async Task<IReadOnlyList<OpenEntry>> OpenAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        var wanted = new HashSet<Guid>();
        foreach (var entry in entries)
        {
            Collect(entry.OldData, wanted);
            Collect(entry.NewData, wanted);
            if (entry.ActorId is not null)
            {
                wanted.UnionWith(KeyOf(entry.IpAddress));
                wanted.UnionWith(KeyOf(entry.UserAgent));
            }
        }

        var found = await keys.FindAsync(db, wanted, entries.Select(entry => entry.ActorId).OfType<Guid>().ToHashSet(), cancellationToken);
        return [.. entries.Select(entry => new OpenEntry(
            entry,
            Uncover(entry.OldData, found),
            Uncover(entry.NewData, found),
            entry.ActorId is null ? entry.IpAddress : Clear(entry.IpAddress, found),
            entry.ActorId is null ? entry.UserAgent : Clear(entry.UserAgent, found),
            entry.ActorId is { } actor && found.ErasedPersons.Contains(actor)))];
    }

    private static IEnumerable<Guid> KeyOf(string? text) => PersonCipher.Read(text) is { } read ? [read.KeyId] : [];

    private static void Collect(string? json, HashSet<Guid> wanted)
    {
        for (var at = Next(json, 0); at >= 0; at = Next(json, at + 1))
        {
            wanted.UnionWith(KeyOf(SealedAt(json!, at)));
        }
    }

    private static int Next(string? json, int from) => json?.IndexOf(AuditJson.SealedFrom, from, StringComparison.Ordinal) ?? -1;

    /// <summary>The sealed text of the object that begins here.</summary>
    private static string? SealedAt(string json, int at)
    {
        var from = at + AuditJson.SealedFrom.Length;
        var to = json.IndexOf(AuditJson.SealedTo, from, StringComparison.Ordinal);
        return to < 0 ? null : json[from..to];
    }

    private static string? Uncover(string? json, FoundKeys found)
    {
        var at = Next(json, 0);
        if (at < 0)
        {
            return json;
        }

        var clear = new StringBuilder(json!.Length);
        var done = 0;
        for (; at >= 0; at = Next(json, done))
        {
            if (SealedAt(json, at) is not { } text)
            {
                break;
            }

            clear.Append(json, done, at - done).Append(Open(text, found) ?? $"\"{Instead(text, found)}\"");
            done = at + AuditJson.SealedFrom.Length + text.Length + AuditJson.SealedTo.Length;
        }

        return clear.Append(json, done, json.Length - done).ToString();
    }

    private static string? Clear(string? text, FoundKeys found) =>
        text is null ? null : Open(text, found) ?? (PersonCipher.Read(text) is null ? text : Instead(text, found));

    private static string? Open(string text, FoundKeys found) =>
        PersonCipher.Read(text) is { } read && found.Ciphers.TryGetValue(read.KeyId, out var cipher) && cipher.TryOpen(read.Bytes) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    private static string Instead(string text, FoundKeys found) =>
        PersonCipher.Read(text) is { } read && found.ErasedKeys.Contains(read.KeyId) ? Forgotten.Text : Forgotten.Unreadable;
}
