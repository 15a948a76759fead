using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace MeterSync.Bench.Field.Phones;

/// <summary>What a phone keeps, in a SQLite file that survives being killed at any instruction. Nothing in it is ever deleted but what a snapshot of the server replaces.</summary>
internal sealed class Outbox : IDisposable
{
    private const string Tables = """
        pragma journal_mode = wal;
        pragma synchronous = full;
        create table if not exists items (
          client_id text not null primary key, number integer not null unique, bytes blob not null, meter_id text not null, value text not null, captured_at text not null,
          content_hash blob not null, photos text not null, is_bad integer not null, epoch text, server_seq integer, chain text, mac text, server_id text, refused text, sent integer not null default 0
        ) strict;
        create index if not exists ix_items_epoch on items (epoch, number);
        create index if not exists ix_items_left on items (epoch, refused, number);
        create index if not exists ix_items_receipt on items (epoch, server_seq);
        create table if not exists photos (
          sha256 text not null primary key, client_id text not null, file text not null, size integer not null, photo_id text, upload_url text, resumable_url text, headers text, done_epoch text
        ) strict;
        create table if not exists pulled (entity text not null, id text not null, version integer not null, primary key (entity, id)) strict, without rowid;
        create table if not exists settings (name text not null primary key, value text not null) strict, without rowid;
        """;

    private readonly SqliteConnection _file;
    private readonly Lock _gate = new();

    // A phone's database library prepares a statement once; so does this one.
    private readonly Dictionary<string, SqliteCommand> _prepared = [];
    private SqliteTransaction? _transaction;

    public Outbox(string path)
    {
        Path = path;
        _file = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _file.Open();
        Execute(Tables);
    }

    public string Path { get; }

    /// <summary>The server's, as it was last told; null before the first answer.</summary>
    public string? Epoch
    {
        get => Setting("epoch");
        set => Set("epoch", value!);
    }

    /// <summary>The highest number of a receipt in the epochs that ended; 0 where none did.</summary>
    public long HighestOfEndedEpochs => long.Parse(Setting("highest_ended") ?? "0", CultureInfo.InvariantCulture);

    public string? Cursor => Setting("cursor");

    public int Created => (int)Number("select count(*) from items");

    /// <summary>Items without a receipt of this epoch; refused ones do not count.</summary>
    public int Unsent => (int)Number(
        """
        select (select count(*) from items where epoch is null and refused is null)
             + (select count(*) from items where epoch < (select value from settings where name = 'epoch') and refused is null)
             + (select count(*) from items where epoch > (select value from settings where name = 'epoch') and refused is null)
        """);

    /// <summary>The epoch ends: numbers of the next may go on behind those of this one.</summary>
    public void RememberHighestReceipt() =>
        Set("highest_ended", Math.Max(HighestOfEndedEpochs, Number("select coalesce(max(server_seq), 0) from items")).ToString(CultureInfo.InvariantCulture));

    public int PhotosLeft => (int)Number("select count(*) from photos where done_epoch is null or done_epoch <> (select value from settings where name = 'epoch')");

    /// <summary>How often items were sent in all.</summary>
    public long Sendings => Number("select coalesce(sum(sent), 0) from items");

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
            command.Dispose();
        _file.Dispose();
    }

    /// <summary>Items and their photos become durable together, or not at all.</summary>
    public void Freeze(IReadOnlyCollection<FrozenItem> items, IEnumerable<OutboxPhoto> photos)
    {
        lock (_gate)
        {
            using var transaction = Begin();
            foreach (var item in items)
            {
                Execute(
                    "insert into items (client_id, number, bytes, meter_id, value, captured_at, content_hash, photos, is_bad) select $id, coalesce(max(number), 0) + 1, $bytes, $meter, $value, $at, $hash, $photos, $bad from items",
                    ("$id", item.ClientId.ToString()), ("$bytes", item.Bytes), ("$meter", item.MeterId), ("$value", item.Value.ToString(CultureInfo.InvariantCulture)), ("$at", item.CapturedAt.ToString("O")),
                    ("$hash", item.ContentHash), ("$photos", string.Join(' ', item.PhotoHashes)), ("$bad", item.IsBad ? 1 : 0));
            }
            foreach (var photo in photos)
                Execute("insert into photos (sha256, client_id, file, size) values ($sha, $client, $file, $size)", ("$sha", photo.Sha256), ("$client", photo.ClientId.ToString()), ("$file", photo.File), ("$size", photo.Size));
            transaction.Commit();
        }
    }

    /// <summary>The oldest items that have no receipt of this epoch, and counts them as sent.</summary>
    public List<OutboxItem> TakeUnsent(int most, int skip)
    {
        lock (_gate)
        {
            // New ones first, then those of another life of the server's data; each by its index.
            var found = Items("where epoch is null and refused is null order by number limit $most offset $skip", ("$most", most), ("$skip", skip));
            if (found.Count < most)
            {
                var fresh = (int)Number("select count(*) from items where epoch is null and refused is null");
                found.AddRange(Items(
                    "where epoch is not null and refused is null and epoch <> (select value from settings where name = 'epoch') order by number limit $most offset $skip",
                    ("$most", most - found.Count), ("$skip", Math.Max(0, skip - fresh))));
            }
            CountSending(found);
            return found;
        }
    }

    /// <summary>Some that were acknowledged, for a phone that sends more than it must.</summary>
    public List<OutboxItem> TakeAcknowledged(int most, int skip)
    {
        lock (_gate)
        {
            var found = Items("where epoch is not null order by number limit $most offset $skip", ("$most", most), ("$skip", skip));
            CountSending(found);
            return found;
        }
    }

    public List<OutboxItem> All()
    {
        lock (_gate)
        {
            return Items("order by number");
        }
    }

    public List<OutboxItem> Find(IEnumerable<Guid> clientIds)
    {
        lock (_gate)
        {
            return Items("where client_id in (select value from json_each($ids))", ("$ids", JsonSerializer.Serialize(clientIds.Select(id => id.ToString()))));
        }
    }

    /// <summary>The last receipt of this epoch.</summary>
    public (Guid ClientId, GivenReceipt Receipt)? LastReceipt()
    {
        lock (_gate)
        {
            return Items("where epoch = (select value from settings where name = 'epoch') order by server_seq desc limit 1").FirstOrDefault() is { Receipt: { } receipt } last ? (last.Item.ClientId, receipt) : null;
        }
    }

    public void Acknowledge(IReadOnlyCollection<(Guid ClientId, GivenReceipt Receipt)> given, IReadOnlyCollection<(Guid ClientId, string Code)> refused)
    {
        lock (_gate)
        {
            using var transaction = Begin();
            foreach (var (id, receipt) in given)
            {
                Execute(
                    "update items set epoch = $epoch, server_seq = $seq, chain = $chain, mac = $mac, server_id = $server where client_id = $id",
                    ("$id", id.ToString()), ("$epoch", receipt.Epoch), ("$seq", receipt.ServerSeq), ("$chain", receipt.Chain), ("$mac", receipt.Mac), ("$server", receipt.ServerId));
            }
            foreach (var (id, code) in refused)
                Execute("update items set refused = $code where client_id = $id and is_bad = 1", ("$id", id.ToString()), ("$code", code));
            transaction.Commit();
        }
    }

    public List<OutboxPhoto> Photos(bool onlyLeft)
    {
        lock (_gate)
        {
            var command = Command($"select sha256, client_id, file, size, photo_id, upload_url, resumable_url, headers, done_epoch from photos {(onlyLeft ? "where done_epoch is null or done_epoch <> (select value from settings where name = 'epoch')" : "")} order by rowid");
            using var rows = command.ExecuteReader();
            var photos = new List<OutboxPhoto>();
            while (rows.Read())
                photos.Add(new(rows.GetString(0), Guid.Parse(rows.GetString(1)), rows.GetString(2), rows.GetInt32(3), Text(rows, 4), Text(rows, 5), Text(rows, 6), Text(rows, 7), Text(rows, 8)));
            return photos;
        }
    }

    public void Keep(OutboxPhoto photo)
    {
        lock (_gate)
        {
            Execute(
                "update photos set photo_id = $photo, upload_url = $upload, resumable_url = $resumable, headers = $headers, done_epoch = $done where sha256 = $sha",
                ("$sha", photo.Sha256), ("$photo", photo.PhotoId), ("$upload", photo.UploadUrl), ("$resumable", photo.ResumableUrl), ("$headers", photo.Headers), ("$done", photo.DoneEpoch));
        }
    }

    /// <summary>Changes and the cursor behind them become durable together.</summary>
    /// <param name="isReset">All that was pulled before is forgotten.</param>
    public void Apply(IReadOnlyCollection<PulledChange> changes, string cursor, bool isReset)
    {
        lock (_gate)
        {
            using var transaction = Begin();
            if (isReset)
                Execute("delete from pulled");
            foreach (var change in changes)
            {
                if (change.IsDeleted)
                    Execute("delete from pulled where entity = $entity and id = $id", ("$entity", change.Entity), ("$id", change.Id));
                else
                    Execute("insert into pulled (entity, id, version) values ($entity, $id, $version) on conflict (entity, id) do update set version = excluded.version", ("$entity", change.Entity), ("$id", change.Id), ("$version", change.Version));
            }
            Execute("insert into settings (name, value) values ('cursor', $value) on conflict (name) do update set value = excluded.value", ("$value", cursor));
            transaction.Commit();
        }
    }

    /// <summary>What the server told of and has not taken away, by entity and id.</summary>
    public Dictionary<(string Entity, string Id), int> Pulled()
    {
        lock (_gate)
        {
            var command = Command("select entity, id, version from pulled");
            using var rows = command.ExecuteReader();
            var pulled = new Dictionary<(string, string), int>();
            while (rows.Read())
                pulled[(rows.GetString(0), rows.GetString(1))] = rows.GetInt32(2);
            return pulled;
        }
    }

    public string? Setting(string name)
    {
        lock (_gate)
        {
            var command = Command("select value from settings where name = $name", ("$name", name));
            return command.ExecuteScalar() as string;
        }
    }

    public void Set(string name, string value)
    {
        lock (_gate)
        {
            Execute("insert into settings (name, value) values ($name, $value) on conflict (name) do update set value = excluded.value", ("$name", name), ("$value", value));
        }
    }

    private void CountSending(List<OutboxItem> items)
    {
        if (items.Count > 0)
            Execute("update items set sent = sent + 1 where client_id in (select value from json_each($ids))", ("$ids", JsonSerializer.Serialize(items.Select(one => one.Item.ClientId.ToString()))));
    }

    private List<OutboxItem> Items(string filter, params (string Name, object? Value)[] parameters)
    {
        var command = Command($"select client_id, bytes, meter_id, value, captured_at, content_hash, photos, is_bad, epoch, server_seq, chain, mac, server_id from items {filter}", parameters);
        using var rows = command.ExecuteReader();
        var items = new List<OutboxItem>();
        while (rows.Read())
        {
            var item = new FrozenItem(
                Guid.Parse(rows.GetString(0)), (byte[])rows[1], rows.GetString(2), decimal.Parse(rows.GetString(3), CultureInfo.InvariantCulture), DateTimeOffset.Parse(rows.GetString(4), CultureInfo.InvariantCulture),
                (byte[])rows[5], rows.GetString(6).Split(' ', StringSplitOptions.RemoveEmptyEntries), rows.GetInt32(7) == 1);
            items.Add(new(item, rows.IsDBNull(8) ? null : new(rows.GetString(8), rows.GetInt64(9), rows.GetString(10), rows.GetString(11), rows.GetString(12))));
        }
        return items;
    }

    private long Number(string query)
    {
        lock (_gate)
        {
            var command = Command(query);
            return (long)command.ExecuteScalar()!;
        }
    }

    private SqliteTransaction Begin() => _transaction = _file.BeginTransaction();

    private void Execute(string statement, params (string Name, object? Value)[] parameters) => Command(statement, parameters).ExecuteNonQuery();

    private SqliteCommand Command(string text, params (string Name, object? Value)[] parameters)
    {
        if (!_prepared.TryGetValue(text, out var command))
        {
            command = _file.CreateCommand();
            command.CommandText = text;
            foreach (var (name, _) in parameters)
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
            _prepared.Add(text, command);
        }
        command.Transaction = _transaction is { Connection: not null } open ? open : null;
        for (var index = 0; index < parameters.Length; index++)
            command.Parameters[index].Value = parameters[index].Value ?? DBNull.Value;
        return command;
    }

    private static string? Text(SqliteDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetString(column);
}
