using MeterSync.Kernel;
using MeterSync.Tests.Host.Verbs;
using MeterSync.Tests.Support;
using Microsoft.Data.Sqlite;

namespace MeterSync.Tests.Modules.Uploads;

/// <summary>The real program, killed and restarted in the middle of a file.</summary>
public sealed class KilledUploadTests : IAsyncLifetime
{
    private const int Length = 6_000_000;
    private readonly Installation installation = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => installation.DisposeAsync();

    [Fact]
    public async Task After_kill_9_in_the_middle_of_a_piece_the_offset_is_what_the_file_has()
    {
        var bytes = TusCaller.RandomBytes(Length);
        var server = await installation.ServeAsync();
        var password = server.PrintedPassword();
        var caller = await TusCaller.SignInAsync(server.Client(), "admin", password);
        var url = await BeginAsync();
        long acknowledged = 0;
        foreach (var part in new[] { 1_700_000, 700_000, 2_300_000 })
        {
            var (from, before) = ((int)acknowledged, acknowledged);
            using var half = await caller.PatchHalfAsync(new Uri(server.Url), url, from, Length - from, bytes.AsMemory(from, part));
            while (!File.Exists(PathOf(url)) || new FileInfo(PathOf(url)).Length < from + Math.Min(part, 1_100_000))
            {
                await Task.Delay(5);
            }

            await Task.Delay(Random.Shared.Next(0, 60));
            await server.KillAsync();
            server = await installation.ServeAsync();
            caller = await TusCaller.SignInAsync(server.Client(), "admin", password);
            acknowledged = await caller.OffsetAsync(url);
            Assert.InRange(acknowledged, before, from + part);
            var kept = await File.ReadAllBytesAsync(PathOf(url));
            Assert.True(kept.Length >= acknowledged, $"{kept.Length} bytes are there, {acknowledged} are acknowledged.");
            Assert.Equal(bytes[..(int)acknowledged], kept[..(int)acknowledged]);
        }

        var answer = await caller.PatchAsync(url, acknowledged, bytes[(int)acknowledged..^1]);
        Assert.Equal($"{Length - 1}", answer.Header("Upload-Offset"));
        Assert.Equal(bytes[..^1], await File.ReadAllBytesAsync(PathOf(url)));
    }

    [Fact]
    public async Task A_server_that_is_stopped_keeps_what_arrived()
    {
        var bytes = TusCaller.RandomBytes(Length);
        var server = await installation.ServeAsync();
        var password = server.PrintedPassword();
        var caller = await TusCaller.SignInAsync(server.Client(), "admin", password);
        var url = await BeginAsync();
        using var half = await caller.PatchHalfAsync(new Uri(server.Url), url, 0, Length, bytes.AsMemory(0, 1_234_567));
        while (!File.Exists(PathOf(url)) || new FileInfo(PathOf(url)).Length < 1_234_567)
        {
            await Task.Delay(10);
        }

        Assert.Equal(0, await server.TerminateAsync());
        server = await installation.ServeAsync();
        caller = await TusCaller.SignInAsync(server.Client(), "admin", password);
        Assert.Equal(1_234_567, await caller.OffsetAsync(url));
        Assert.Equal(bytes[..1_234_567], await File.ReadAllBytesAsync(PathOf(url)));
    }

    private string PathOf(string url) => Path.Combine(installation.Data, "uploads", "tus", TusCaller.IdOf(url).Value.ToString("n"));

    /// <summary>Put into the database: what takes the file plays no part here.</summary>
    private async Task<string> BeginAsync()
    {
        var id = Guid.CreateVersion7();
        var now = TimeProvider.System.GetUtcNow();
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(installation.Data, "metersync.db")};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "insert into uploads (id, user_id, purpose, length, received_bytes, status, created_at, expires_at) select $id, id, 'photo', $length, 0, 'open', $now, $expires from users where username = 'admin'";
        command.Parameters.AddWithValue("$id", id.ToByteArray(bigEndian: true));
        command.Parameters.AddWithValue("$length", Length);
        command.Parameters.AddWithValue("$now", now.ToUnixMicroseconds());
        command.Parameters.AddWithValue("$expires", now.AddDays(1).ToUnixMicroseconds());
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
        return $"/uploads/{id}";
    }
}
