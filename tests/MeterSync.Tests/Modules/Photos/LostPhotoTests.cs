using System.Net;
using System.Security.Cryptography;
using System.Text;
using MeterSync.Kernel;
using MeterSync.Modules.Photos.Domain;
using MeterSync.Modules.Photos.Upkeep;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Uploads.Domain;
using MeterSync.Store;
using MeterSync.Store.Blobs;
using MeterSync.Store.Vision;
using MeterSync.Tests.Host.Web;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Modules.Workforce;
using MeterSync.Tests.Support;
using MeterSync.Vision.Pictures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Photos;

/// <summary>Photos whose way here broke off, was closed, or crossed another's.</summary>
public abstract class LostPhotoTests(ServerFixture server, TestClock clock)
{
    [Fact]
    public async Task A_resumable_address_that_is_dead_is_replaced_and_one_that_lives_is_kept()
    {
        var agent = await AgentAsync();
        var bytes = TestPictures.Jpeg(1);
        var first = await AnnounceAsync(agent, bytes);
        Assert.Equal(first, await AnnounceAsync(agent, bytes));
        await ChangeAsync<Upload>(one => one.Id == IdOf(first), set => set.SetProperty(one => one.ExpiresAt, clock.GetUtcNow().AddMinutes(-1).ToStored()));
        var second = await AnnounceAsync(agent, bytes);
        Assert.NotEqual(first, second);
        await AskAsync(db => db.Set<Upload>().Where(one => one.Id == IdOf(second)).ExecuteDeleteAsync());
        var third = await AnnounceAsync(agent, bytes);
        Assert.NotEqual(second, third);
        Assert.Equal([IdOf(third)], await AskAsync(db => db.Set<Upload>().Where(one => one.Sha256 == SHA256.HashData(bytes)).Select(one => one.Id).ToListAsync()));
    }

    [Fact]
    public async Task What_came_in_pieces_ends_when_the_photo_came_by_another_way()
    {
        var agent = await AgentAsync();
        var bytes = TestPictures.Jpeg(2);
        var upload = IdOf(await AnnounceAsync(agent, bytes));
        await PhotoScene.SendAsync(agent, bytes);
        Assert.False(await AskAsync(db => db.Set<Upload>().AnyAsync(one => one.Id == upload)));
        Assert.Null((string?)(await PhotoScene.AnnounceAsync(agent, bytes)).Data["resumable_url"]);
    }

    [Fact]
    public async Task Bytes_that_a_restore_lacks_are_taken_when_they_are_sent_again()
    {
        ApiClient agent = await AgentAsync();
        var bytes = TestPictures.Jpeg(3);
        var photo = await PhotoScene.SendAsync(agent, bytes);
        await server.Services.GetRequiredService<IBlobStore>().DeleteAsync(BlobHash.Of(SHA256.HashData(bytes)), CancellationToken.None);
        (await agent.PostAsync("/api/v1/photos/complete", new { photo_id = (string?)photo["id"] })).Refused(HttpStatusCode.Conflict, "photo.not_uploaded");
        var again = await PhotoScene.SendAsync(agent, bytes);
        Assert.Equal((string?)photo["id"], (string?)again["id"]);
        Assert.Equal(bytes, await agent.Http.GetByteArrayAsync((string)again["url"]!));
        Assert.Equal(1, await BlobBooks.UsesAsync(server, bytes));
    }

    [Fact]
    public async Task A_photo_that_names_no_reading_finds_the_one_that_lists_it()
    {
        var agent = await AgentAsync(1);
        var (bytes, other) = (TestPictures.Jpeg(4), TestPictures.Jpeg(5));
        var reading = (await agent.Client.PostAsync("/api/v1/readings", new { meter_id = agent.Meters[0], reading_value = 5, photos = new[] { PhotoScene.HashOf(bytes).ToUpperInvariant() } })).Data;
        await PhotoScene.SendAsync(await AgentAsync(), bytes);
        await PhotoScene.SendAsync(agent, other);
        Assert.Equal("pending", (string?)(await agent.Client.GetAsync($"/api/v1/readings/{reading["id"]}")).Data["evidence"]);
        await PhotoScene.SendAsync(agent, bytes);
        Assert.Equal("complete", (string?)(await agent.Client.GetAsync($"/api/v1/readings/{reading["id"]}")).Data["evidence"]);
        Assert.Single((await agent.Client.GetAsync($"/api/v1/readings/{reading["id"]}/photos")).Data["items"]!.AsArray());
    }

    [Fact]
    public async Task Photos_of_one_reading_that_come_at_once_make_it_complete()
    {
        var agent = await AgentAsync(6);
        await Task.WhenAll(agent.Meters.Select(async (meter, index) =>
        {
            var (client, photos) = (Guid.CreateVersion7(), Enumerable.Range(0, 3).Select(number => TestPictures.Jpeg((10 * index) + number)).ToList());
            var reading = (await agent.Client.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 5, client_id = client, photos = photos.Select(PhotoScene.HashOf) })).Data;
            await Task.WhenAll(photos.Select(photo => PhotoScene.SendAsync(agent, photo, new { reading_client_id = client })));
            Assert.Equal("complete", (string?)(await agent.Client.GetAsync($"/api/v1/readings/{reading["id"]}")).Data["evidence"]);
        }));
    }

    [Fact]
    public async Task A_reading_that_was_settled_without_its_photo_is_settled_anew()
    {
        var agent = await AgentAsync(1);
        var bytes = TestPictures.Jpeg(6);
        var reading = (await agent.Client.PostAsync("/api/v1/readings", new { meter_id = agent.Meters[0], reading_value = 5, photos = new[] { PhotoScene.HashOf(bytes) } })).Data;
        await PhotoScene.SendAsync(agent, bytes);
        var id = new ReadingId((Guid)reading["id"]!);
        await ChangeAsync<MeterSync.Modules.Readings.Domain.Reading>(one => one.Id == id, set => set.SetProperty(one => one.Evidence, ReadingEvidence.Pending));
        Assert.True((await PassAsync()).Tied >= 1);
        Assert.Equal("complete", (string?)(await agent.Client.GetAsync($"/api/v1/readings/{id.Value}")).Data["evidence"]);
    }

    [Fact]
    public async Task Bytes_that_were_refused_leave_a_trace_a_person_sees()
    {
        var agent = await AgentAsync(1);
        byte[] avif = [0, 0, 0, 28, .. Encoding.ASCII.GetBytes("ftypavif"), 0, 0, 0, 0, .. Encoding.ASCII.GetBytes("avifmif1miaf"), .. Guid.CreateVersion7().ToByteArray(), .. new byte[100]];
        var reading = (await agent.Client.PostAsync("/api/v1/readings", new { meter_id = agent.Meters[0], reading_value = 5, photos = new[] { PhotoScene.HashOf(avif) } })).Data;
        var announced = (await PhotoScene.AnnounceAsync(agent, avif, new { reading_id = (string?)reading["id"] })).Data;
        (await agent.Client.SendAsync(HttpMethod.Put, $"/api/v1/photos/{announced["photo_id"]}/content", new ByteArrayContent(avif))).Refused(HttpStatusCode.UnsupportedMediaType, "photo.not_an_image");
        var shown = Assert.Single((await agent.Client.GetAsync($"/api/v1/readings/{reading["id"]}/photos")).Data["items"]!.AsArray())!;
        Assert.Equal(("pending", "photo.not_an_image"), ((string?)shown["state"], (string?)shown["refusal"]));
        Assert.NotNull(shown["refused_at"]);
        Assert.Null((await PhotoScene.SendAsync(agent, TestPictures.Jpeg(7)))["refusal"]);
    }

    [Fact]
    public async Task A_photo_whose_upload_still_moves_is_not_forgotten()
    {
        var agent = await AgentAsync();
        var (moving, idle) = ((await PhotoScene.AnnounceAsync(agent, TestPictures.Jpeg(8))).Data, (await PhotoScene.AnnounceAsync(agent, TestPictures.Jpeg(9))).Data);
        clock.Advance(TimeSpan.FromDays(8));
        var upload = IdOf((string)moving["resumable_url"]!);
        await ChangeAsync<Upload>(one => one.Id == upload, set => set.SetProperty(one => one.ExpiresAt, clock.GetUtcNow().AddDays(1).ToStored()));
        await PassAsync(isThorough: true);
        var (id, gone) = (new PhotoId((Guid)moving["photo_id"]!), new PhotoId((Guid)idle["photo_id"]!));
        Assert.Equal([id], await AskAsync(db => db.Set<Photo>().Where(one => one.Id == id || one.Id == gone).Select(one => one.Id).ToListAsync()));
    }

    [Fact]
    public async Task An_outage_of_the_worker_uses_up_no_tries_of_small_pictures()
    {
        var agent = await AgentAsync();
        var id = new PhotoId((Guid)(await PhotoScene.SendAsync(agent, TestPictures.Jpeg(10)))["id"]!);
        await ChangeAsync<Photo>(one => one.Id == id, set => set.SetProperty(one => one.ThumbnailTries, 1));
        Assert.Equal(1, await TriesAfterAsync(VisionProblems.WorkerUnavailable));
        Assert.Equal(2, await TriesAfterAsync(VisionProblems.WorkerFailed));
        Assert.Equal(4, await TriesAfterAsync(VisionProblems.Unreadable));

        async Task<int> TriesAfterAsync(ProblemCode code)
        {
            await using var scope = server.Services.CreateAsyncScope();
            await ActivatorUtilities.CreateInstance<LateThumbnails>(scope.ServiceProvider, new RefusingWorker(code)).PassAsync(CancellationToken.None);
            return await AskAsync(db => db.Set<Photo>().Where(one => one.Id == id).Select(one => one.ThumbnailTries).SingleAsync());
        }
    }

    private static UploadId IdOf(string url) => new(Guid.Parse(url.Split('/')[^1]));

    private static async Task<string> AnnounceAsync(ApiClient agent, byte[] bytes) => (string)(await PhotoScene.AnnounceAsync(agent, bytes)).Data["resumable_url"]!;

    private Task<UpkeepCounts> PassAsync(bool isThorough = false) => server.Services.GetRequiredService<PhotoUpkeep>().PassAsync(isThorough, CancellationToken.None);

    private async Task<T> AskAsync<T>(Func<MeterSyncDb, Task<T>> ask)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return await ask(scope.ServiceProvider.GetRequiredService<MeterSyncDb>());
    }

    private Task<int> ChangeAsync<T>(System.Linq.Expressions.Expression<Func<T, bool>> which, Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<T>> change)
        where T : class => AskAsync(db => db.Set<T>().Where(which).ExecuteUpdateAsync(change));

    private async Task<Reader> AgentAsync(int meters = 0)
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var made = meters == 0 ? [] : await admin.MakeMetersAsync(meters, WorkCalls.NewName("lost"));
        foreach (var meter in made)
        {
            await admin.GiveAsync(meter, id);
        }

        return new Reader(agent, [.. made]);
    }

    private sealed record Reader(ApiClient Client, IReadOnlyList<string> Meters)
    {
        public static implicit operator ApiClient(Reader reader) => reader.Client;
    }

    private sealed class RefusingWorker(ProblemCode code) : IVisionWorker
    {
        public Task<Outcome<Thumbnail>> ThumbnailAsync(string filePath, int maxEdge, CancellationToken cancellationToken) => Task.FromResult<Outcome<Thumbnail>>(code.Because("As told."));

        public Task<Outcome<Thumbnail>> ThumbnailAsync(Stream picture, int maxEdge, CancellationToken cancellationToken) => Task.FromResult<Outcome<Thumbnail>>(code.Because("As told."));

        public Task<Outcome<PictureFacts>> FactsAsync(Stream picture, CancellationToken cancellationToken) => Task.FromResult<Outcome<PictureFacts>>(code.Because("As told."));
    }
}

public sealed class LostPhotoOnSqliteTests(PhotosOnSqlite server) : LostPhotoTests(server, server.Clock), IClassFixture<PhotosOnSqlite>;

public sealed class LostPhotoOnPostgresTests(PhotosOnPostgres server) : LostPhotoTests(server, server.Clock), IClassFixture<PhotosOnPostgres>;

public sealed class LostPhotoInS3Tests(PhotosInS3 server) : LostPhotoTests(server, server.Clock), IClassFixture<PhotosInS3>;
