using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using MeterSync.Store;
using MeterSync.Store.Audit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Store.Audit;

/// <summary>The chain grows as it should, and whatever is done to it past the program shows.</summary>
public abstract class AuditChainTests
{
    private const int MoreThanOneBatch = 1_203;

    private protected abstract StoreProvider Provider { get; }

    public static TheoryData<string, object?> Changes => new()
    {
        { "id", Guid.Parse("01890000-0000-7000-8000-000000000099") },
        { "at", new DateTimeOffset(2026, 3, 31, 8, 0, 2, 1, TimeSpan.Zero) },
        { "actor_id", Guid.Parse("01890000-0000-7000-8000-000000000099") },
        { "actor_id", null },
        { "actor", "somebody else" },
        { "action", "created" },
        { "entity_type", "user" },
        { "entity_id", Guid.Parse("01890000-0000-7000-8000-000000000099") },
        { "old_data", "{\"owner\":\"Grüße, 東京\",\"b\":1}" },
        { "old_data", null },
        { "new_data", "{\"a\":[ ],\"b\":1.50}" },
        { "ip_address", "" },
        { "ip_address", null },
        { "user_agent", "agent \"8\"" },
    };

    [Fact]
    public async Task Entries_get_their_places_from_1_on_oldest_first_and_each_hangs_on_the_one_before()
    {
        await using var scene = await AuditScene.CreateAsync(Provider);
        await scene.WriteAsync(3);
        Assert.Equal(3, await scene.SealAsync());
        await scene.WriteAsync(2);
        Assert.Equal(2, await scene.SealAsync());
        Assert.Equal(0, await scene.SealAsync());

        var entries = await scene.EntriesAsync();
        Assert.Equal([1, 2, 3, 4, 5], entries.Select(entry => entry.Seq));
        Assert.Equal(5, entries.Select(entry => Convert.ToHexString(entry.Hash!)).Distinct().Count());
        var verdict = await scene.VerifyAsync();
        Assert.Null(verdict.Broken);
        Assert.Equal((5, 5, Convert.ToHexString(entries[^1].Hash!)), (verdict.Entries, verdict.Head.Seq, Convert.ToHexString(verdict.Head.Hash)));
    }

    [Fact]
    public async Task An_empty_log_is_unbroken()
    {
        await using var scene = await AuditScene.CreateAsync(Provider);
        Assert.Equal(0, await scene.SealAsync());
        Assert.Equal((0, null), ((await scene.VerifyAsync()).Entries, (await scene.VerifyAsync()).Broken));
    }

    [Fact]
    public async Task The_documented_form_gives_the_same_hashes()
    {
        await using var scene = await AuditScene.CreateAsync(Provider);
        await scene.WriteAsync(2);
        await scene.SealAsync();
        byte[] key;
        await using (var connection = await scene.OpenAsync())
        {
            key = (await scene.Services.GetRequiredService<AuditChainKeys>().LoadAsync(connection, null, CancellationToken.None))[0].Secret!;
        }

        var previous = new byte[32];
        foreach (var entry in await scene.EntriesAsync())
        {
            var message = new List<byte>(previous);
            message.AddRange(BigEndian(entry.Seq!.Value));
            foreach (var field in new byte[]?[]
            {
                entry.Id.ToByteArray(true), BigEndian((entry.At - DateTimeOffset.UnixEpoch).Ticks / 10), entry.ActorId?.ToByteArray(true), Utf8(entry.Actor), Utf8(entry.Action), Utf8(entry.EntityType),
                entry.EntityId.ToByteArray(true), Utf8(entry.OldData), Utf8(entry.NewData), Utf8(entry.IpAddress), Utf8(entry.UserAgent),
            })
            {
                message.AddRange(field is null ? [0] : [1, (byte)(field.Length >> 24), (byte)(field.Length >> 16), (byte)(field.Length >> 8), (byte)field.Length, .. field]);
            }

            previous = HMACSHA256.HashData(key, message.ToArray());
            Assert.Equal(previous, entry.Hash);
        }

        static byte[] BigEndian(long number) => [.. BitConverter.GetBytes(number).Reverse()];
        static byte[]? Utf8(string? text) => text is null ? null : System.Text.Encoding.UTF8.GetBytes(text);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_column_changed_past_the_program_is_found_and_named(string column, object? value)
    {
        await using var scene = await AuditScene.CreateAsync(Provider);
        await scene.WriteAsync(3);
        await scene.SealAsync();
        await scene.DropTriggersAsync();
        await scene.ExecuteAsync($"update audit_log set {column} = {(value is null ? "null" : "@value")} where seq = 2", new { value = value is null ? null : scene.Stored(value) });
        Assert.Equal((2, AuditFault.ContentChanged, 1), Told(await scene.VerifyAsync()));
    }

    [Fact]
    public async Task A_changed_hash_is_told_from_changed_content()
    {
        await using var scene = await AuditScene.CreateAsync(Provider);
        await scene.WriteAsync(3);
        await scene.SealAsync();
        await scene.DropTriggersAsync();
        await scene.ExecuteAsync("update audit_log set hash = @hash where seq = 2", new { hash = new byte[32] });
        Assert.Equal((2, AuditFault.HashChanged, 1), Told(await scene.VerifyAsync()));
    }

    [Fact]
    public async Task The_last_entry_shows_a_change_too()
    {
        await using var scene = await AuditScene.CreateAsync(Provider);
        await scene.WriteAsync(3);
        await scene.SealAsync();
        await scene.DropTriggersAsync();
        await scene.ExecuteAsync("update audit_log set action = 'created' where seq = 3");
        Assert.Equal((3, AuditFault.ContentOrHashChanged, 2), Told(await scene.VerifyAsync()));
    }

    [Theory]
    [InlineData("delete from audit_log where seq = 2", 2)]
    [InlineData("delete from audit_log where seq in (1, 2)", 1)]
    [InlineData("update audit_log set seq = 9 where seq = 2", 2)]
    [InlineData("update audit_log set seq = null, hash = null where seq = 2", 2)]
    public async Task An_entry_taken_out_is_missed(string sql, long missing)
    {
        await using var scene = await AuditScene.CreateAsync(Provider);
        await scene.WriteAsync(4);
        await scene.SealAsync();
        await scene.DropTriggersAsync();
        await scene.ExecuteAsync(sql);
        await scene.SealAsync(); // what lost its place gets another, at the end
        Assert.Equal((missing, AuditFault.Missing, missing - 1), Told(await scene.VerifyAsync()));
    }

    [Fact]
    public async Task Entries_that_changed_places_are_found()
    {
        await using var scene = await AuditScene.CreateAsync(Provider);
        await scene.WriteAsync(4);
        await scene.SealAsync();
        await scene.DropTriggersAsync();
        await scene.ExecuteAsync("update audit_log set seq = 99 where seq = 2");
        await scene.ExecuteAsync("update audit_log set seq = 2 where seq = 3");
        await scene.ExecuteAsync("update audit_log set seq = 3 where seq = 99");
        Assert.Equal(2, (await scene.VerifyAsync()).Broken?.Seq);
    }

    [Fact]
    public async Task Entries_whose_seals_were_taken_off_are_not_sealed_anew()
    {
        await using var scene = await AuditScene.CreateAsync(Provider);
        await scene.WriteAsync(4);
        await scene.SealAsync();
        await scene.DropTriggersAsync();
        await scene.ExecuteAsync("update audit_log set action = 'forged' where seq = 2");
        await scene.ExecuteAsync("update audit_log set seq = null, hash = null where seq >= 2");
        scene.Restart();
        await Assert.ThrowsAsync<AuditKeyException>(scene.SealAsync);
        await scene.ExecuteAsync("update audit_log set seq = null, hash = null");
        await Assert.ThrowsAsync<AuditKeyException>(scene.SealAsync);
    }

    [Fact]
    public async Task An_end_that_was_cut_off_shows_to_whoever_noted_it()
    {
        await using var scene = await AuditScene.CreateAsync(Provider);
        await scene.WriteAsync(4);
        await scene.SealAsync();
        var noted = (await scene.VerifyAsync()).Head;
        Assert.Null((await scene.VerifyAsync(noted)).Broken);
        await scene.DropTriggersAsync();
        await scene.ExecuteAsync("delete from audit_log where seq >= 3");
        Assert.Null((await scene.VerifyAsync()).Broken); // what is left is a chain of its own
        Assert.Equal((3, AuditFault.EndMissing, 2), Told(await scene.VerifyAsync(noted)));

        await scene.WriteAsync(5);
        await Assert.ThrowsAsync<AuditKeyException>(scene.SealAsync); // the file beside the keys knows where it ended
        File.Delete(Path.Combine(scene.Data.Path, "audit-head"));
        await scene.SealAsync(); // grown again past the place
        Assert.Equal((4, AuditFault.NotAsExpected, 3), Told(await scene.VerifyAsync(noted)));
    }

    [Fact]
    public async Task The_database_itself_refuses_to_change_or_delete_an_entry()
    {
        await using var scene = await AuditScene.CreateAsync(Provider);
        await scene.WriteAsync(2);
        await RefusedAsync("update audit_log set actor = 'x'");
        await RefusedAsync("update audit_log set seq = 1");
        await RefusedAsync("update audit_log set seq = 1, hash = old_data, old_data = null where old_data is null or seq is null");
        await RefusedAsync("delete from audit_log");
        await scene.SealAsync();
        await RefusedAsync("update audit_log set actor = 'x' where seq = 1");
        await RefusedAsync("update audit_log set seq = null, hash = null where seq = 1");
        await RefusedAsync("update audit_log set seq = seq + 10");
        await RefusedAsync("delete from audit_log where seq = 2");
        if (Provider == StoreProvider.Postgres)
        {
            await RefusedAsync("truncate audit_log");
        }

        Assert.Null((await scene.VerifyAsync()).Broken);

        async Task RefusedAsync(string sql) => await Assert.ThrowsAnyAsync<DbException>(() => scene.ExecuteAsync(sql));
    }

    [Fact]
    public async Task Processes_that_seal_at_once_make_one_chain()
    {
        await using var scene = await AuditScene.CreateAsync(Provider);
        await scene.WriteAsync(MoreThanOneBatch);
        var sealers = Enumerable.Range(0, 3).Select(_ => scene.AnotherProcess().GetRequiredService<AuditSealer>()).ToList();
        var counts = await Task.WhenAll(sealers.Select(sealer => Task.Run(() => sealer.SealAsync(wait: true, CancellationToken.None))));
        Assert.Equal(MoreThanOneBatch, counts.Sum());
        Assert.Equal((MoreThanOneBatch, null), ((await scene.VerifyAsync()).Entries, (await scene.VerifyAsync()).Broken));
    }

    [Fact]
    public void The_head_beside_the_keys_can_be_written_by_several_processes_at_once()
    {
        var folder = Directory.CreateTempSubdirectory("metersync-head-");
        try
        {
            var heads = Enumerable.Range(1, 200).Select(seq => new AuditHead(seq, [.. Enumerable.Repeat((byte)seq, 32)])).ToList();
            Parallel.ForEach(heads, new ParallelOptions { MaxDegreeOfParallelism = 8 }, head => new AuditAnchor(new DataDirectory(folder.FullName)).Write(head));
            Assert.Contains(new AuditAnchor(new DataDirectory(folder.FullName)).Read()!.ToString(), heads.Select(head => head.ToString()));
            Assert.Single(folder.GetFiles());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_sealer_that_was_cut_off_leaves_nothing_half_done()
    {
        await using var scene = await AuditScene.CreateAsync(Provider);
        await scene.WriteAsync(3);
        await scene.SealAsync();
        await scene.WriteAsync(3);
        await using (var connection = await scene.OpenAsync())
        {
            // A process that dies between two rows: its transaction is rolled back by the database.
            await using var transaction = await connection.BeginTransactionAsync();
            await connection.ExecuteAsync("update audit_log set seq = 4, hash = @hash where id = (select id from audit_log where seq is null order by at, id limit 1)", new { hash = new byte[32] }, transaction);
        }

        scene.Restart();
        Assert.Equal(3, await scene.SealAsync());
        Assert.Equal((6, null), ((await scene.VerifyAsync()).Entries, (await scene.VerifyAsync()).Broken));
    }

    [Fact]
    public async Task A_lost_keys_directory_is_said_and_the_log_goes_on_under_a_new_key()
    {
        await using var scene = await AuditScene.CreateAsync(Provider);
        await scene.WriteAsync(3);
        await scene.SealAsync();
        Directory.Move(scene.Data.Keys, scene.Data.Keys + ".lost");
        scene.Restart();
        await scene.WriteAsync(2);
        Assert.Equal(2, await scene.SealAsync());
        var verdict = await scene.VerifyAsync();
        Assert.Equal((1, AuditFault.KeyUnreadable, 0), Told(verdict));
        Assert.Contains("up to 3", verdict.Broken!.Message, StringComparison.Ordinal);

        // Both keys at hand again: all of it can be verified.
        foreach (var file in Directory.EnumerateFiles(scene.Data.Keys + ".lost"))
        {
            File.Copy(file, Path.Combine(scene.Data.Keys, Path.GetFileName(file)));
        }

        scene.Restart();
        Assert.Equal((5, null), ((await scene.VerifyAsync()).Entries, (await scene.VerifyAsync()).Broken));
    }

    [Fact]
    public async Task A_server_with_other_keys_than_its_neighbours_does_not_seal()
    {
        await using var scene = await AuditScene.CreateAsync(Provider);
        await scene.WriteAsync(1);
        await scene.SealAsync();
        Directory.Move(scene.Data.Keys, scene.Data.Keys + ".first");
        scene.Restart();
        await scene.WriteAsync(1);
        await scene.SealAsync();
        Directory.Move(scene.Data.Keys, scene.Data.Keys + ".second");
        Directory.Move(scene.Data.Keys + ".first", scene.Data.Keys);
        scene.Restart();
        await scene.WriteAsync(1);
        await Assert.ThrowsAsync<AuditKeyException>(scene.SealAsync);
    }

    private static (long, AuditFault, long) Told(AuditVerdict verdict) => verdict.Broken is { } broken ? (broken.Seq, broken.Fault, verdict.Entries) : throw new InvalidOperationException("The chain is unbroken.");
}

public sealed class AuditChainOnSqliteTests : AuditChainTests
{
    private protected override StoreProvider Provider => StoreProvider.Sqlite;
}

public sealed class AuditChainOnPostgresTests : AuditChainTests
{
    private protected override StoreProvider Provider => StoreProvider.Postgres;
}
