using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using MeterSync.Store;
using MeterSync.Tests.Support;

namespace MeterSync.Tests.Host.Verbs;

public sealed class BackupVerbOnSqliteTests() : BackupVerbTests(StoreProvider.Sqlite)
{
    [Fact]
    public async Task A_running_server_keeps_a_restore_away_and_the_old_database_is_kept()
    {
        await using var here = await BackedUpInstallation.CreateAsync(StoreProvider.Sqlite);
        var file = await MadeAsync(here);
        await using (var server = await here.Program.ServeAsync())
        {
            var refused = await here.Program.RunAsync("restore", file, "--replace", "--json");
            Assert.Equal((3, "verb.locked"), (refused.ExitCode, Code(refused)));
            await server.TerminateAsync();
        }

        var before = await here.NumberAsync("select count(*) from audit_log");
        var restored = await here.Program.RunAsync("restore", file, "--replace", "--json");
        Assert.True(restored.ExitCode == 0, restored.All);
        var aside = (string)restored.Json["data"]!["aside"]!;
        await using var old = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(aside, "metersync.db")};Pooling=false");
        await old.OpenAsync();
        await using var count = old.CreateCommand();
        count.CommandText = "select count(*) from audit_log";
        Assert.Equal(before, await count.ExecuteScalarAsync());
    }
}

public sealed class BackupVerbOnPostgresTests() : BackupVerbTests(StoreProvider.Postgres)
{
    [Fact]
    public async Task A_server_anywhere_keeps_a_restore_away_also_after_its_connection_was_cut()
    {
        await using var here = await BackedUpInstallation.CreateAsync(StoreProvider.Postgres);
        var file = await MadeAsync(here);
        await using var elsewhere = new Installation();
        foreach (var (name, value) in here.Program.Variables)
        {
            elsewhere.Variables[name] = value;
        }

        await using var server = await elsewhere.ServeAsync();
        Assert.Equal((3, "verb.locked"), await RestoreAsync());

        var cut = await here.NumberAsync($"with held as materialized (select pid from pg_locks where {Share}) select count(*) from held where pg_terminate_backend(pid)");
        Assert.Equal(1, cut);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await here.NumberAsync($"select count(*) from pg_locks where {Share}") == 0)
        {
            await Task.Delay(50, limit.Token);
        }

        Assert.Equal((3, "verb.locked"), await RestoreAsync());

        async Task<(int, string)> RestoreAsync()
        {
            var end = await here.Program.RunAsync("restore", file, "--replace", "--json");
            return (end.ExitCode, Code(end));
        }
    }

    [Fact]
    public async Task A_server_that_missed_a_restore_stops_instead_of_serving_what_it_remembers()
    {
        await using var here = await BackedUpInstallation.CreateAsync(StoreProvider.Postgres);
        await using var server = await here.Program.ServeAsync();
        await here.ExecuteAsync("insert into store_epochs (number, id, reason, began_at) select max(number) + 1, gen_random_uuid(), 'restored', now() from store_epochs");
        await here.ExecuteAsync($"select pg_terminate_backend(pid) from pg_locks where {Share}");

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await server.WaitForEndAsync(limit.Token);
        Assert.Contains("A backup was restored", server.Said, StringComparison.Ordinal);
    }

    private const string Share = "locktype = 'advisory' and mode = 'ShareLock' and database = (select oid from pg_database where datname = current_database())";
}

public abstract class BackupVerbTests
{
    private readonly StoreProvider provider;

    private protected BackupVerbTests(StoreProvider provider) => this.provider = provider;

    [Fact]
    public async Task What_was_acknowledged_before_a_backup_began_is_in_it_while_others_write()
    {
        await using var here = await BackedUpInstallation.CreateAsync(provider);
        await using var server = await here.Program.ServeAsync();
        var password = server.PrintedPassword();
        var client = await server.SignInAsAdministratorAsync();
        var photos = Enumerable.Range(1, 5).Select(number => RandomNumberGenerator.GetBytes(number * 50_000)).ToDictionary(here.Store);
        var acknowledged = new ConcurrentDictionary<string, decimal>();
        using var stop = new CancellationTokenSource();
        var meters = new List<string>();
        for (var number = 1; number <= 3; number++)
        {
            meters.Add((string)(await client.PostAsync("/api/v1/meters", new { serial_number = $"W-{number}", meter_type = "electric" })).Data["id"]!);
        }

        var writing = meters.Select(meter => WriteAsync(client, meter, acknowledged, stop.Token)).ToList();
        await UntilAsync(() => acknowledged.Count >= 60);
        var before = acknowledged.ToArray();
        var file = Path.Combine(Path.GetTempPath(), Path.GetFileName(here.Data) + ".backup");
        var made = await here.Program.RunAsync("backup", file, "--json");
        Assert.True(made.ExitCode == 0, made.All);
        var during = acknowledged.Count;
        await UntilAsync(() => acknowledged.Count > during);
        await stop.CancelAsync();
        await Task.WhenAll(writing);

        Assert.Equal((5, photos.Values.Sum(photo => (long)photo.Length)), ((int)made.Json["data"]!["stored_files"]!, (long)made.Json["data"]!["stored_file_bytes"]!));
        var detailed = await client.GetAsync("/detailed");
        Assert.InRange((double)detailed.Data["backup"]!["age_seconds"]!, 0, 600);
        Assert.Contains("metersync_backup_last_success_seconds", (string?)(await client.GetAsync("/metrics")).Body["text"], StringComparison.Ordinal);
        var later = await client.PostAsync("/api/v1/meters", new { serial_number = "LATER", meter_type = "electric" });
        Assert.Equal(HttpStatusCode.Created, later.Status);
        await UntilSealedAsync(here);
        await server.TerminateAsync();

        // What is lost since, and a photo that was damaged: both come back as they were.
        await System.IO.File.WriteAllTextAsync(photos.Keys.First(), "damaged");
        System.IO.File.Delete(photos.Keys.Last());
        var blunt = await here.Program.RunAsync("restore", file, "--json");
        Assert.Equal((1, "verb.backup_refused"), (blunt.ExitCode, Code(blunt)));
        var restored = await here.Program.RunAsync("restore", file, "--replace", "--json");
        Assert.True(restored.ExitCode == 0, restored.All);
        Assert.Equal(2, (int)restored.Json["data"]!["epoch"]!);
        System.IO.File.Delete(file);

        await here.RequireConsistentAsync();
        Assert.Equal(1, await here.NumberAsync("select count(*) from store_epochs where number = 2 and reason = 'restored'"));
        Assert.Equal(0, await here.NumberAsync("select count(*) from readings where not exists (select 1 from reading_values where reading_values.reading_id = readings.id)"));
        Assert.Equal(0, await here.NumberAsync("select count(*) from meters where serial_number = 'LATER'"));
        Assert.All(photos, photo => Assert.True(photo.Value.AsSpan().SequenceEqual(System.IO.File.ReadAllBytes(photo.Key))));

        await using var again = await here.Program.ServeAsync();
        var fresh = again.Client();
        fresh.DefaultRequestHeaders.Authorization = client.Http.DefaultRequestHeaders.Authorization; // signed by a key that is in the backup
        var old = new ApiClient(fresh);
        foreach (var (id, value) in before)
        {
            var reading = await old.GetAsync($"/api/v1/readings/{id}");
            Assert.True(reading.Status == HttpStatusCode.OK, $"Reading {id} was acknowledged before the backup and is not in it: {reading.Body.ToJsonString()}");
            Assert.Equal(value, (decimal)reading.Data["values"]![0]!["value"]!);
        }

        await ApiClient.SignInAsync(again.Client(), "admin", password);
        Assert.Equal(HttpStatusCode.Created, (await old.PostAsync("/api/v1/meters", new { serial_number = "AFTER", meter_type = "electric" })).Status);
        await UntilSealedAsync(here);
        var verified = await here.Program.RunAsync("audit", "verify");
        Assert.True(verified.ExitCode == 0, verified.All);
        Assert.Equal(1, await here.NumberAsync("select count(*) from audit_log where action = 'backup.restored' and seq is not null"));
    }

    [Fact]
    public async Task A_second_machine_begins_with_the_backup_alone()
    {
        string file, password;
        await using (var here = await BackedUpInstallation.CreateAsync(provider))
        {
            await using (var server = await here.Program.ServeAsync())
            {
                password = server.PrintedPassword();
                here.Store("a photo"u8.ToArray());
                await server.TerminateAsync();
            }

            file = Path.Combine(Path.GetTempPath(), Path.GetFileName(here.Data) + ".backup");
            Assert.Equal(0, (await here.Program.RunAsync("backup", file)).ExitCode);
        }

        await using var there = await BackedUpInstallation.CreateAsync(provider);
        var restored = await there.Program.RunAsync("restore", file);
        System.IO.File.Delete(file);
        Assert.True(restored.ExitCode == 0, restored.All);
        Assert.Contains("phones push again", restored.Output, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFiles(Path.Combine(there.Data, "blobs"), "*", SearchOption.AllDirectories));
        await using var next = await there.Program.ServeAsync();
        Assert.Empty(next.PrintedPassword());
        var client = await ApiClient.SignInAsync(next.Client(), "admin", password);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/auth/me")).Status);
        Assert.Equal(0, (await there.Program.RunAsync("audit", "verify")).ExitCode);
    }

    [Fact]
    public async Task A_backup_is_not_written_over_another_unless_told()
    {
        await using var here = await BackedUpInstallation.CreateAsync(provider);
        var file = await MadeAsync(here);
        var first = await System.IO.File.ReadAllBytesAsync(file);

        var refused = await here.Program.RunAsync("backup", file, "--json");
        Assert.Equal((2, "verb.file"), (refused.ExitCode, Code(refused)));
        Assert.Equal(first, await System.IO.File.ReadAllBytesAsync(file));
        Assert.Equal(0, (await here.Program.RunAsync("backup", file, "--force")).ExitCode);
        Assert.NotEqual(first, await System.IO.File.ReadAllBytesAsync(file));
        Assert.Equal(2, (await here.Program.RunAsync("backup", Path.Combine(here.Data, "nowhere", "b"))).ExitCode);
        Assert.Empty(Directory.EnumerateFiles(here.Data, "*.part*"));
        Assert.Equal(2, await here.NumberAsync("select count(*) from audit_log where action = 'backup.made' and actor = 'operator'"));
    }

    [Fact]
    public async Task A_damaged_file_changes_nothing()
    {
        await using var here = await BackedUpInstallation.CreateAsync(provider);
        here.Store(RandomNumberGenerator.GetBytes(5_000));
        var file = await MadeAsync(here);
        var whole = await System.IO.File.ReadAllBytesAsync(file);
        var epoch = await here.NumberAsync("select max(number) from store_epochs");
        byte[][] broken = [whole[..(whole.Length / 2)], [.. whole[..3_000], (byte)(whole[3_000] ^ 1), .. whole[3_001..]], [1, 2, 3]];
        foreach (var content in broken)
        {
            await System.IO.File.WriteAllBytesAsync(file, content);
            var refused = await here.Program.RunAsync("restore", file, "--replace", "--json");
            Assert.Equal((1, "verb.backup_damaged"), (refused.ExitCode, Code(refused)));
        }

        Assert.Equal(epoch, await here.NumberAsync("select max(number) from store_epochs"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(here.Data, "*restore*"));
    }

    [Fact]
    public async Task A_backup_says_what_is_in_it()
    {
        await using var here = await BackedUpInstallation.CreateAsync(provider);
        here.Store("a photo"u8.ToArray());
        await System.IO.File.WriteAllTextAsync(here.Store("another"u8.ToArray()), "damaged since");
        var file = Path.Combine(here.Data, "one.backup");
        Assert.Equal(0, (await here.Program.RunAsync("migrate")).ExitCode);
        var made = await here.Program.RunAsync("backup", file, "--json");
        Assert.True(made.ExitCode == 0, made.All);
        Assert.Single(made.Json["data"]!["damaged_files"]!.AsArray());
        Assert.Empty(made.Json["data"]!["missing_files"]!.AsArray());

        var check = await here.Program.RunAsync("restore", file, "--check", "--json");
        Assert.True(check.ExitCode == 0, check.All);
        Assert.Equal((1, 1, true), ((int)check.Json["data"]!["stored_files"]!, (int)check.Json["data"]!["tables"]!["store_epochs"]!, (bool)check.Json["data"]!["has_files"]!));

        await here.ExecuteAsync($"insert into blobs (sha256, length, uses, created_at) values ({(provider == StoreProvider.Sqlite ? $"x'{new string('a', 64)}', 1, 1, 0" : $"'\\x{new string('a', 64)}', 1, 1, now()")})");
        var lacking = await here.Program.RunAsync("backup", file, "--force", "--json");
        Assert.Equal(new string('a', 64), (string?)Assert.Single(lacking.Json["data"]!["missing_files"]!.AsArray()));

        var bare = Path.Combine(here.Data, "bare.backup");
        Assert.Equal(0, (await here.Program.RunAsync("backup", bare, "--without-files")).ExitCode);
        var bareCheck = await here.Program.RunAsync("restore", bare, "--check", "--json");
        Assert.Equal((0, false), ((int)bareCheck.Json["data"]!["stored_files"]!, (bool)bareCheck.Json["data"]!["has_files"]!));
    }

    [Fact]
    public async Task A_backup_goes_back_into_the_kind_of_database_it_came_from()
    {
        await using var here = await BackedUpInstallation.CreateAsync(provider);
        var file = await MadeAsync(here);
        var other = provider == StoreProvider.Sqlite ? "postgres" : "sqlite";
        await using var elsewhere = await BackedUpInstallation.CreateAsync(provider == StoreProvider.Sqlite ? StoreProvider.Postgres : StoreProvider.Sqlite);
        var refused = await elsewhere.Program.RunAsync("restore", file, "--json");
        Assert.Equal((1, "verb.backup_refused"), (refused.ExitCode, Code(refused)));
        Assert.Contains(other, (string?)refused.Json["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_anywhere_a_restore_leaves_the_old_data_or_the_new()
    {
        await using var here = await BackedUpInstallation.CreateAsync(provider);
        for (var photo = 0; photo < 40; photo++)
        {
            here.Store(RandomNumberGenerator.GetBytes(100_000));
        }

        var file = await MadeAsync(here);
        await here.ExecuteAsync("update store_epochs set reason = 'tail_lost'");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(0, (await here.Program.RunAsync("restore", file, "--replace")).ExitCode);
        var whole = (int)watch.ElapsedMilliseconds; // the program's start takes a part of it
        await here.ExecuteAsync("delete from store_epochs where number = 2");
        await here.ExecuteAsync("update store_epochs set reason = 'tail_lost'");
        var random = new Random(20260301);
        for (var run = 0; run < 8; run++)
        {
            var restoring = here.Program.Start("restore", file, "--replace");
            restoring.StandardInput.Close();
            await Task.WhenAny(restoring.WaitForExitAsync(), Task.Delay(random.Next(whole / 4, whole)));
            if (!restoring.HasExited)
            {
                restoring.Kill();
                await restoring.WaitForExitAsync();
            }

            var start = await here.Program.RunAsync("migrate");
            Assert.True(start.ExitCode == 0, start.All);
            Assert.False(System.IO.File.Exists(Path.Combine(here.Data, "restore-journal.json")));
            Assert.Empty(Directory.EnumerateDirectories(here.Data, "restore-*"));
            await here.RequireConsistentAsync();
            var epochs = (await here.NumberAsync("select count(*) from store_epochs"), await here.NumberAsync("select count(*) from store_epochs where reason = 'tail_lost'"));
            Assert.True(epochs is (1, 1) or (2, 0), $"Neither the old epochs nor the new ones: {epochs}\n{start.All}");
            if (epochs is (2, 0))
            {
                await here.ExecuteAsync("delete from store_epochs where number = 2");
                await here.ExecuteAsync("update store_epochs set reason = 'tail_lost'");
            }
        }

        var last = await here.Program.RunAsync("restore", file, "--replace");
        Assert.True(last.ExitCode == 0, last.All);
    }

    /// <summary>A backup of a database with a schema and nothing else, in the data directory.</summary>
    private protected static async Task<string> MadeAsync(BackedUpInstallation here)
    {
        var file = Path.Combine(here.Data, "made.backup");
        var migrated = await here.Program.RunAsync("migrate");
        Assert.True(migrated.ExitCode == 0, migrated.All);
        var made = await here.Program.RunAsync("backup", file);
        Assert.True(made.ExitCode == 0, made.All);
        return file;
    }

    private protected static string Code(ProgramEnd end) => (string?)end.Json["error"]?["code"] ?? end.All;

    private static async Task UntilSealedAsync(BackedUpInstallation here)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await here.NumberAsync("select count(*) from audit_log where seq is null") > 0)
        {
            await Task.Delay(100, limit.Token);
        }
    }

    private static async Task UntilAsync(Func<bool> reached)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!reached())
        {
            await Task.Delay(10, limit.Token);
        }
    }

    /// <summary>One reading after the other until told to stop.</summary>
    private static async Task WriteAsync(ApiClient client, string meter, ConcurrentDictionary<string, decimal> acknowledged, CancellationToken stop)
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (var number = 1; !stop.IsCancellationRequested; number++)
        {
            var answer = await client.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = number * 3, reading_timestamp = start.AddMinutes(number), client_id = Guid.CreateVersion7() });
            Assert.True(answer.Status == HttpStatusCode.Created, answer.Body.ToJsonString());
            acknowledged[(string)answer.Data["id"]!] = number * 3;
        }
    }
}
