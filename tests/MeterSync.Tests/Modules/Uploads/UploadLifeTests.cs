using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using MeterSync.Modules.Uploads.Domain;
using MeterSync.Modules.Uploads.Store;
using MeterSync.Store;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MeterSync.Tests.Modules.Uploads;

/// <summary>What becomes of an upload: whose it is, how it ends, how long it waits.</summary>
public abstract class UploadLifeTests(ServerFixture server)
{
    private protected abstract TakenFiles Taken { get; }

    private Task<TusCaller> CallerAsync(string username = "agent1") => TusCaller.SignInAsync(server, username);

    [Fact]
    public async Task A_file_that_is_not_the_one_announced_is_460_and_begins_anew()
    {
        var caller = await CallerAsync();
        var bytes = TusCaller.RandomBytes(5_000);
        var url = await caller.BeginAsync(bytes.Length, TusCaller.Metadata(("sha256", Convert.ToHexStringLower(SHA256.HashData(bytes)))));
        Assert.Equal(HttpStatusCode.NoContent, (await caller.PatchAsync(url, 0, bytes[..4000])).Status);
        var refused = await caller.PatchAsync(url, 4000, TusCaller.RandomBytes(1000));
        Assert.Equal(((HttpStatusCode)460, "upload.hash_mismatch"), (refused.Status, refused.Code));
        Assert.Equal(0, await caller.OffsetAsync(url));
        Assert.False(Taken.Offers.ContainsKey(TusCaller.IdOf(url)));
        Assert.Equal(HttpStatusCode.NoContent, (await caller.PatchAsync(url, 0, bytes)).Status);
        Assert.Equal(bytes, Taken.Files[TusCaller.IdOf(url)].Bytes);
    }

    [Fact]
    public async Task DELETE_ends_an_upload()
    {
        var caller = await CallerAsync();
        var url = await caller.BeginAsync(4);
        Assert.Equal(HttpStatusCode.NoContent, (await caller.PatchAsync(url, 0, [1, 2])).Status);
        Assert.True(File.Exists(PathOf(url)));
        Assert.Equal(HttpStatusCode.NoContent, (await caller.SendAsync("DELETE", url)).Status);
        Assert.False(File.Exists(PathOf(url)));
        foreach (var method in new[] { "HEAD", "DELETE", "PATCH", "GET" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await caller.SendAsync(method, url, method == "PATCH" ? [3, 4] : null, TusCaller.Bytes, headers: [("Upload-Offset", "2")])).Status);
        }
    }

    [Fact]
    public async Task An_expired_upload_is_410_and_goes_with_its_bytes()
    {
        var caller = await CallerAsync("agent3");
        var url = await caller.BeginAsync(4);
        Assert.Equal(HttpStatusCode.NoContent, (await caller.PatchAsync(url, 0, [1, 2])).Status);
        await ChangeAsync(url, upload => upload.ExpiresAt = TimeProvider.System.GetUtcNow().AddSeconds(-1));
        var gone = await caller.PatchAsync(url, 2, [3, 4]);
        Assert.Equal((HttpStatusCode.Gone, "upload.expired"), (gone.Status, gone.Code));
        Assert.Equal(HttpStatusCode.Gone, (await caller.HeadAsync(url)).Status);

        var stray = Path.Combine(server.Data.Uploads, "tus", Guid.CreateVersion7().ToString("n"));
        await File.WriteAllTextAsync(stray, "left over");
        File.SetLastWriteTimeUtc(stray, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-3));
        var alive = await caller.BeginAsync(4);
        await caller.PatchAsync(alive, 0, [1]);
        File.SetLastWriteTimeUtc(PathOf(alive), TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-3));
        var (expired, strays) = await server.Services.GetRequiredService<UploadSweep>().SweepAsync(CancellationToken.None);
        Assert.True(expired >= 1 && strays >= 1, $"{expired} {strays}");
        Assert.False(File.Exists(stray) || File.Exists(PathOf(url)));
        Assert.Equal(HttpStatusCode.NotFound, (await caller.HeadAsync(url)).Status);
        Assert.Equal(1, await caller.OffsetAsync(alive));
    }

    [Fact]
    public async Task Each_byte_moves_the_expiry_on()
    {
        var caller = await CallerAsync();
        var url = await caller.BeginAsync(4);
        await ChangeAsync(url, upload => upload.ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(1));
        var patched = await caller.PatchAsync(url, 0, [1]);
        Assert.True(DateTimeOffset.ParseExact(patched.Header("Upload-Expires")!, "R", CultureInfo.InvariantCulture) > TimeProvider.System.GetUtcNow().AddHours(71));
    }

    [Fact]
    public async Task Somebody_elses_upload_is_not_there()
    {
        var (owner, other, admin) = (await CallerAsync(), await CallerAsync("agent2"), await CallerAsync("admin"));
        var url = await owner.BeginAsync(4);
        foreach (var stranger in new[] { other, admin })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await stranger.HeadAsync(url)).Status);
            Assert.Equal("upload.not_found", (await stranger.PatchAsync(url, 0, [1])).Code);
            Assert.Equal("upload.not_found", (await stranger.SendAsync("DELETE", url)).Code);
        }

        Assert.Equal(0, await owner.OffsetAsync(url));
    }

    [Fact]
    public async Task Too_many_open_uploads_are_429_until_one_ends()
    {
        var caller = await CallerAsync("agent5");
        var urls = new List<string>();
        for (var number = 0; number < 90; number++)
        {
            urls.Add(await caller.BeginAsync(4));
        }

        var refused = await caller.SendAsync("POST", "/uploads", headers: [("Upload-Length", "4"), ("Upload-Metadata", TusCaller.Metadata())]);
        Assert.Equal((HttpStatusCode.TooManyRequests, "upload.too_many_open"), (refused.Status, refused.Code));
        await caller.PatchAsync(urls[0], 0, [1, 2, 3, 4]);
        await caller.SendAsync("DELETE", urls[1]);
        await caller.BeginAsync(4);
        await caller.BeginAsync(4);
        foreach (var url in urls)
        {
            await caller.SendAsync("DELETE", url);
        }
    }

    [Fact]
    public async Task A_file_its_taker_refuses_stays_whole_and_is_offered_again()
    {
        var caller = await CallerAsync("agent4");
        var url = await caller.BeginAsync(3, TusCaller.Metadata(("filename", $"later-{GetType().Name}.jpg")));
        Taken.Refused = $"later-{GetType().Name}.jpg";
        var refused = await caller.PatchAsync(url, 0, [1, 2, 3]);
        Assert.Equal((HttpStatusCode.Conflict, "resource.conflict"), (refused.Status, refused.Code));
        Assert.Equal(HttpStatusCode.Conflict, (await caller.HeadAsync(url)).Status); // no offset: the client would think that all is well
        Taken.Refused = null;
        Taken.Broken = $"later-{GetType().Name}.jpg";
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await caller.HeadAsync(url)).Status);
        Taken.Broken = null;
        Assert.Equal(3, await caller.OffsetAsync(url));
        Assert.Equal(new byte[] { 1, 2, 3 }, Taken.Files[TusCaller.IdOf(url)].Bytes);
        Assert.Equal(4, Taken.Offers[TusCaller.IdOf(url)]);
    }

    [Fact]
    public async Task What_the_disk_lost_is_asked_for_again()
    {
        var caller = await CallerAsync();
        var bytes = TusCaller.RandomBytes(5_000);
        var url = await caller.BeginAsync(bytes.Length);
        await caller.PatchAsync(url, 0, bytes[..4000]);
        await using (var file = new FileStream(PathOf(url), FileMode.Open))
        {
            file.SetLength(1500);
        }

        Assert.Equal(1500, await caller.OffsetAsync(url));
        Assert.Equal(HttpStatusCode.NoContent, (await caller.PatchAsync(url, 1500, bytes[1500..])).Status);
        Assert.Equal(bytes, Taken.Files[TusCaller.IdOf(url)].Bytes);
        Assert.Equal(SHA256.HashData(bytes), Taken.Files[TusCaller.IdOf(url)].Upload.Sha256);
    }

    private string PathOf(string url) => Path.Combine(server.Data.Uploads, "tus", TusCaller.IdOf(url).Value.ToString("n"));

    private async Task ChangeAsync(string url, Action<Upload> change)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        var id = TusCaller.IdOf(url);
        change(await db.Set<Upload>().FirstAsync(upload => upload.Id == id));
        await db.SaveChangesAsync();
    }
}

public sealed class UploadLifeOnSqliteTests(UploadsOnSqlite server) : UploadLifeTests(server), IClassFixture<UploadsOnSqlite>
{
    private protected override TakenFiles Taken => server.Taken;
}

public sealed class UploadLifeOnPostgresTests(UploadsOnPostgres server) : UploadLifeTests(server), IClassFixture<UploadsOnPostgres>
{
    private protected override TakenFiles Taken => server.Taken;
}
