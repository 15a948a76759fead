using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MeterSync.Tests.Support;

namespace MeterSync.Tests.Modules.Uploads;

/// <summary>Connections that break, hang and compete.</summary>
public abstract class TusTransferTests(ServerFixture server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private protected abstract TakenFiles Taken { get; }

    private Uri Address => Contract.Listening.AddressOf(server);

    [Theory]
    [InlineData(1)]
    [InlineData(70_000)]
    [InlineData(1_048_576)]
    [InlineData(3_333_333)]
    public async Task What_arrived_before_the_connection_broke_is_kept(int arrived)
    {
        var caller = await TusCaller.SignInAsync(server, "agent1");
        var bytes = TusCaller.RandomBytes(4_000_000);
        var url = await caller.BeginAsync(bytes.Length);
        using (await caller.PatchHalfAsync(Address, url, 0, bytes.Length, bytes.AsMemory(0, arrived)))
        {
            // Closed by leaving.
        }

        await EventuallyAsync(async () => await LookAsync(caller, url) == arrived);
        Assert.Equal(arrived, await caller.OffsetAsync(url));
        Assert.Equal(HttpStatusCode.NoContent, (await caller.PatchAsync(url, arrived, bytes[arrived..])).Status);
        Assert.Equal(bytes, Taken.Files[TusCaller.IdOf(url)].Bytes);
        Assert.Equal(SHA256.HashData(bytes), Taken.Files[TusCaller.IdOf(url)].Upload.Sha256);
    }

    [Fact]
    public async Task A_phone_that_comes_back_takes_over_from_its_own_dead_connection()
    {
        var caller = await TusCaller.SignInAsync(server, "agent1");
        var bytes = TusCaller.RandomBytes(3_000_000);
        var url = await caller.BeginAsync(bytes.Length);
        using var dead = await caller.PatchHalfAsync(Address, url, 0, bytes.Length, bytes.AsMemory(0, 1_500_000));
        await EventuallyAsync(() => Task.FromResult(File.Exists(PathOf(url)) && new FileInfo(PathOf(url)).Length == 1_500_000));

        // Nothing of the old connection is heard any more; the question alone ends it, and what it brought is there.
        Assert.Equal(1_500_000, await caller.OffsetAsync(url));
        Assert.Contains("HTTP/1.1 423", await AnswerAsync(dead), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await caller.PatchAsync(url, 1_500_000, bytes[1_500_000..])).Status);
        Assert.Equal(bytes, Taken.Files[TusCaller.IdOf(url)].Bytes);
    }

    [Fact]
    public async Task A_newer_piece_takes_over_and_an_older_one_ends()
    {
        var caller = await TusCaller.SignInAsync(server, "agent2");
        var bytes = TusCaller.RandomBytes(3_000_000);
        var url = await caller.BeginAsync(bytes.Length);
        using var first = await caller.PatchHalfAsync(Address, url, 0, bytes.Length, bytes.AsMemory(0, 100_000));
        await EventuallyAsync(() => Task.FromResult(File.Exists(PathOf(url)) && new FileInfo(PathOf(url)).Length == 100_000));
        var second = await caller.PatchAsync(url, 0, bytes);
        Assert.Equal((HttpStatusCode.Conflict, "upload.offset_mismatch"), (second.Status, second.Code));
        Assert.Contains("HTTP/1.1 423", await AnswerAsync(first), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await caller.PatchAsync(url, 100_000, bytes[100_000..])).Status);
        Assert.Equal(bytes, Taken.Files[TusCaller.IdOf(url)].Bytes);
    }

    [Fact]
    public async Task To_look_with_GET_disturbs_nobody_and_shows_what_is_durable_so_far()
    {
        var caller = await TusCaller.SignInAsync(server, "agent1");
        var bytes = TusCaller.RandomBytes(4_000_000);
        var url = await caller.BeginAsync(bytes.Length);
        using var slow = await caller.PatchHalfAsync(Address, url, 0, bytes.Length, bytes.AsMemory(0, 2_500_000));
        await EventuallyAsync(async () => await LookAsync(caller, url) >= 1_048_576);
        Assert.InRange(await LookAsync(caller, url), 1_048_576, 2_500_000);
        await slow.GetStream().WriteAsync(bytes.AsMemory(2_500_000));
        Assert.Contains("HTTP/1.1 204", await AnswerAsync(slow), StringComparison.Ordinal);
        Assert.Equal(bytes, Taken.Files[TusCaller.IdOf(url)].Bytes);
    }

    [Fact]
    public async Task A_cut_piece_with_a_checksum_leaves_nothing()
    {
        var caller = await TusCaller.SignInAsync(server, "agent1");
        var bytes = TusCaller.RandomBytes(2_500_000);
        var url = await caller.BeginAsync(bytes.Length);
        Assert.Equal(HttpStatusCode.NoContent, (await caller.PatchAsync(url, 0, bytes[..10])).Status);
        var half = await caller.PatchHalfAsync(Address, url, 10, bytes.Length - 10, bytes.AsMemory(10, 2_000_000), $"sha1 {Convert.ToBase64String(SHA1.HashData(bytes.AsSpan(10)))}");
        await EventuallyAsync(() => Task.FromResult(new FileInfo(PathOf(url)).Length == 2_000_010));
        half.Dispose();
        Assert.Equal(10, await caller.OffsetAsync(url));
        Assert.Equal(HttpStatusCode.NoContent, (await caller.PatchAsync(url, 10, bytes[10..])).Status);
        Assert.Equal(bytes, Taken.Files[TusCaller.IdOf(url)].Bytes);
    }

    [Fact]
    public async Task Twenty_at_once_cannot_spoil_a_file()
    {
        var caller = await TusCaller.SignInAsync(server, "agent3");
        var bytes = TusCaller.RandomBytes(1_000_000);
        var url = await caller.BeginAsync(bytes.Length);
        for (var round = 0; round < 40 && !Taken.Files.ContainsKey(TusCaller.IdOf(url)); round++)
        {
            var offset = (int)await LookAsync(caller, url);
            var end = Math.Min(bytes.Length, offset + 150_000);
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => caller.PatchAsync(url, offset, bytes[offset..end])));
            Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.NoContent or HttpStatusCode.Conflict or HttpStatusCode.Locked, answer.Text));
            Assert.InRange(await caller.OffsetAsync(url), offset, end);
        }

        Assert.Equal(bytes, Taken.Files[TusCaller.IdOf(url)].Bytes);
        Assert.Equal(1, Taken.Offers[TusCaller.IdOf(url)]);
    }

    [Fact]
    public async Task DELETE_ends_a_piece_under_way()
    {
        var caller = await TusCaller.SignInAsync(server, "agent1");
        var url = await caller.BeginAsync(1_000_000);
        using var half = await caller.PatchHalfAsync(Address, url, 0, 1_000_000, TusCaller.RandomBytes(500_000));
        await EventuallyAsync(() => Task.FromResult(File.Exists(PathOf(url))));
        Assert.Equal(HttpStatusCode.NoContent, (await caller.SendAsync("DELETE", url)).Status);
        Assert.Contains("HTTP/1.1 423", await AnswerAsync(half), StringComparison.Ordinal);
        Assert.False(File.Exists(PathOf(url)));
        Assert.Equal(HttpStatusCode.NotFound, (await caller.HeadAsync(url)).Status);
    }

    [Fact]
    public async Task A_file_that_another_process_writes_is_423()
    {
        var caller = await TusCaller.SignInAsync(server, "agent1");
        var url = await caller.BeginAsync(10);
        Assert.Equal(HttpStatusCode.NoContent, (await caller.PatchAsync(url, 0, [1])).Status);
        await using (new FileStream(PathOf(url), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            var held = await caller.PatchAsync(url, 1, [2]);
            Assert.Equal((HttpStatusCode.Locked, "upload.locked"), (held.Status, held.Code));
        }

        Assert.Equal("2", (await caller.PatchAsync(url, 1, [2])).Header("Upload-Offset"));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_told_and_shows_in_the_health()
    {
        var caller = await TusCaller.SignInAsync(server, "agent1");
        var url = await caller.BeginAsync(10);
        Directory.CreateDirectory(PathOf(url)); // in the place of the file
        var refused = await caller.PatchAsync(url, 0, [1]);
        Assert.True((int)refused.Status >= 500, refused.Text);
        Assert.Equal("unhealthy", await HealthAsync(caller));
        Directory.Delete(PathOf(url));
        Assert.Equal("1", (await caller.PatchAsync(url, 0, [1])).Header("Upload-Offset"));
        Assert.Equal("healthy", await HealthAsync(caller));
    }

    private static async Task<string?> HealthAsync(TusCaller caller) =>
        (string?)JsonNode.Parse((await caller.SendAsync("GET", "/health")).Text)!["data"]!["dependencies"]!["uploads"]!["status"];

    /// <summary>The offset without taking the upload over.</summary>
    private static async Task<long> LookAsync(TusCaller caller, string url) => (long)JsonNode.Parse((await caller.SendAsync("GET", url)).Text)!["data"]!["offset"]!;

    private static async Task<string> AnswerAsync(TcpClient client)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadLineAsync(limit.Token) ?? "";
    }

    private static async Task EventuallyAsync(Func<Task<bool>> isSo)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await isSo())
        {
            await Task.Delay(10, limit.Token);
        }
    }

    private string PathOf(string url) => Path.Combine(server.Data.Uploads, "tus", TusCaller.IdOf(url).Value.ToString("n"));
}

public sealed class TusTransferOnSqliteTests(UploadsOnSqlite server) : TusTransferTests(server), IClassFixture<UploadsOnSqlite>
{
    private protected override TakenFiles Taken => server.Taken;
}

public sealed class TusTransferOnPostgresTests(UploadsOnPostgres server) : TusTransferTests(server), IClassFixture<UploadsOnPostgres>
{
    private protected override TakenFiles Taken => server.Taken;
}
