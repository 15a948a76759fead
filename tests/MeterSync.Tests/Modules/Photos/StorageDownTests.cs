using System.Net;
using MeterSync.Store.Blobs;
using MeterSync.Tests.Host.Verbs;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Photos;

public sealed class StorageOnDiskDownTests(PhotosOnSqlite server) : IClassFixture<PhotosOnSqlite>
{
    [Fact]
    public async Task A_folder_that_cannot_be_written_to_answers_503_and_nothing_is_half_done()
    {
        var admin = await server.SignInAsync("admin");
        var bytes = TestPictures.Jpeg(1);
        var announced = (await PhotoScene.AnnounceAsync(admin, bytes)).Data;
        var root = server.Services.GetRequiredService<BlobFolders>().Root;
        Assert.False(Directory.Exists(root), "Nothing is made before the first photo.");
        await File.WriteAllTextAsync(root, "in the way");
        var refused = await PhotoScene.PutAsync(server, announced, bytes);
        refused.Refused(HttpStatusCode.ServiceUnavailable, "server.unavailable");
        Assert.NotNull(refused.RetryAfter);
        Assert.Equal("pending", (string?)(await admin.GetAsync($"/api/v1/photos/{announced["photo_id"]}")).Data["state"]);
        Assert.Equal(0, await BlobBooks.UsesAsync(server, bytes));
        var health = (await admin.GetAsync("/health")).Data["dependencies"]!["storage"]!;
        Assert.Equal("unhealthy", (string?)health["status"]);

        File.Delete(root);
        Assert.Equal(HttpStatusCode.OK, (await PhotoScene.PutAsync(server, announced, bytes)).Status);
        Assert.Equal("healthy", (string?)(await admin.GetAsync("/health")).Data["dependencies"]!["storage"]!["status"]);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(root, "tmp")));
        if (!OperatingSystem.IsWindows())
        {
            var file = server.Services.GetRequiredService<BlobFolders>().FileOf(BlobHash.Of(System.Security.Cryptography.SHA256.HashData(bytes)));
            Assert.Equal((UnixFileMode.UserRead | UnixFileMode.UserWrite, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute), (File.GetUnixFileMode(file), File.GetUnixFileMode(Path.GetDirectoryName(file)!)));
        }
    }
}

public sealed class StorageInS3DownTests(PhotosNowhere server) : IClassFixture<PhotosNowhere>
{
    [Fact]
    public async Task S3_that_cannot_be_reached_answers_503_and_the_photo_waits()
    {
        var admin = await server.SignInAsync("admin");
        var bytes = TestPictures.Jpeg(1);
        var announced = (await PhotoScene.AnnounceAsync(admin, bytes)).Data;
        Assert.StartsWith("http://127.0.0.1:1/nowhere/staging/", (string?)announced["upload_url"], StringComparison.Ordinal);
        var refused = await PhotoScene.CompleteAsync(admin, announced);
        refused.Refused(HttpStatusCode.ServiceUnavailable, "server.unavailable");
        Assert.NotNull(refused.RetryAfter);
        (await admin.SendAsync(HttpMethod.Put, $"/api/v1/photos/{announced["photo_id"]}/content", new ByteArrayContent(bytes))).Refused(HttpStatusCode.ServiceUnavailable, "server.unavailable");
        (await admin.PostAsync("/api/v1/files/upload/photo", PhotoTests.Form(bytes, "a.jpg"))).Refused(HttpStatusCode.ServiceUnavailable, "server.unavailable");
        Assert.Equal("pending", (string?)(await admin.GetAsync($"/api/v1/photos/{announced["photo_id"]}")).Data["state"]);
        Assert.Equal("unhealthy", (string?)(await admin.GetAsync("/health")).Data["dependencies"]!["storage"]!["status"]);
    }
}

public sealed class PhotosSurviveRestartTests : IAsyncLifetime
{
    private readonly Installation installation = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => installation.DisposeAsync();

    [Fact]
    public async Task A_server_that_is_killed_after_the_bytes_came_completes_the_photo_when_it_is_back()
    {
        var bytes = TestPictures.Jpeg(1);
        string id;
        await using (var first = await installation.ServeAsync("--demo", "--set", "Demo:Data=false"))
        {
            var admin = await SignInAsync(first);
            var announced = (await PhotoScene.AnnounceAsync(admin, bytes)).Data;
            id = (string)announced["photo_id"]!;
            using var anyone = first.Client();
            using var put = await anyone.PutAsync((string)announced["upload_url"]!, new ByteArrayContent(bytes));
            Assert.Equal(HttpStatusCode.OK, put.StatusCode);
            await first.KillAsync();
        }

        await using var second = await installation.ServeAsync("--demo", "--set", "Demo:Data=false");
        var again = await SignInAsync(second);
        var done = await again.PostAsync("/api/v1/photos/complete", new { photo_id = id, sha256 = PhotoScene.HashOf(bytes) });
        Assert.Equal((HttpStatusCode.OK, "complete"), (done.Status, (string?)done.Data["state"]));
        Assert.Equal(bytes, await again.Http.GetByteArrayAsync((string)done.Data["url"]!));
    }

    private static Task<ApiClient> SignInAsync(ServingProgram server) => ApiClient.SignInAsync(server.Client(), "admin", "admin123");
}
