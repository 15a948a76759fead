using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Modules.Photos.Domain;
using MeterSync.Modules.Photos.Upkeep;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Store;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Modules.Workforce;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Sync;

/// <summary>Readings and their photos travel apart, and meet.</summary>
public abstract class SyncPhotosTests(ServerFixture server)
{
    [Fact]
    public async Task A_phone_hears_that_its_photo_made_the_evidence_complete()
    {
        var (agent, _, meters) = await server.MakeReaderAsync(await server.SignInAsync("admin"), 1);
        var bytes = TestPictures.Jpeg(1);
        var item = Item(meters[0], 5, bytes);
        var pushed = (await agent.PushAsync(SyncCalls.Batch("evidence", item))).Results().Single()!;
        var phone = new Phone(agent);
        await phone.PullAllAsync();
        var id = (string)pushed["server_id"]!;
        Assert.Equal("pending", (string?)phone["reading", id]["evidence"]);
        await PhotoScene.SendAsync(agent, bytes, new { reading_client_id = (string?)item["client_id"] });
        var page = await phone.PullAsync();
        Assert.Equal(("complete", false), ((string?)phone["reading", id]["evidence"], (bool)page["reset"]!));
    }

    [Fact]
    public async Task Photos_that_came_before_their_readings_speak_in_the_proofs_of_visit()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, user, meters) = await server.MakeReaderAsync(admin, 3);
        var old = SyncCalls.Now.AddDays(-2);
        var photos = meters.Select(_ => TestPictures.Taken(51.5, -0.12, old)).ToList();
        var items = meters.Select((meter, index) => Item(meter, index + 1, photos[index])).ToArray();
        for (var index = 0; index < items.Length; index++)
        {
            await PhotoScene.SendAsync(agent, photos[index], new { reading_client_id = (string?)items[index]["client_id"] });
        }

        Assert.All((await agent.PushAsync(SyncCalls.Batch("early", [.. items]))).Statuses(), status => Assert.Equal("applied", status));
        var visits = (await admin.GetAsync($"/api/v1/visits?agent_id={user}")).Items();
        Assert.Equal(3, visits.Count);
        Assert.All(visits, visit => Assert.Contains("photo_old", visit["reasons"]!.AsArray().Select(reason => (string?)reason!["code"])));
        Assert.All((await agent.GetAsync("/api/v1/readings")).Items(), reading => Assert.Equal("complete", (string?)reading["evidence"]));
    }

    [Fact]
    public async Task A_small_picture_that_failed_is_made_later()
    {
        var (agent, _, _) = await server.MakeReaderAsync(await server.SignInAsync("admin"), 1);
        var photo = await PhotoScene.SendAsync(agent, TestPictures.Jpeg(2));
        var id = new PhotoId((Guid)photo["id"]!);
        await using (var scope = server.Services.CreateAsyncScope())
        {
            // As it is stored where the worker could not be started.
            await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<Photo>().Where(one => one.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.ThumbnailTries, 1).SetProperty(one => one.ThumbnailSha256, (byte[]?)null).SetProperty(one => one.Width, (int?)null));
        }

        Assert.Null((await agent.GetAsync($"/api/v1/photos/{id.Value}")).Data["thumbnail_url"]);
        var counts = await server.Services.GetRequiredService<PhotoUpkeep>().PassAsync(isThorough: false, CancellationToken.None);
        Assert.Equal(1, counts.Thumbnails);
        var made = (await agent.GetAsync($"/api/v1/photos/{id.Value}")).Data;
        Assert.Equal(8, (int?)made["width"]);
        Assert.Equal(HttpStatusCode.OK, (await agent.GetAsync((string)made["thumbnail_url"]!)).Status);
        Assert.Equal(0, (await server.Services.GetRequiredService<PhotoUpkeep>().PassAsync(isThorough: false, CancellationToken.None)).Thumbnails);
    }

    [Fact]
    public async Task A_dead_phones_export_brings_its_photos_too()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, user, meters) = await server.MakeReaderAsync(admin, 1);
        var (good, other) = (TestPictures.Jpeg(3), TestPictures.Jpeg(4));
        var item = Item(meters[0], 5, good);
        string Photo(byte[] bytes, string sha256, string type = "image/jpeg") => new JsonObject
        {
            ["photo"] = new JsonObject { ["filename"] = "a.jpg", ["content_type"] = type, ["sha256"] = sha256, ["reading_client_id"] = (string?)item["client_id"], ["data"] = Convert.ToBase64String(bytes) },
        }.ToJsonString();
        var head = new JsonObject { ["format"] = "metersync.field-export", ["version"] = 1, ["user_id"] = user, ["device_id"] = "dead-camera" }.ToJsonString();
        byte[] executable = [0x7F, (byte)'E', (byte)'L', (byte)'F', .. new byte[100]];
        string[] lines =
        [
            head,
            Photo(good, PhotoScene.HashOf(good)),
            item.ToJsonString(),
            Photo(other, PhotoScene.HashOf(good)),
            Photo(executable, PhotoScene.HashOf(executable)),
            Photo(other, PhotoScene.HashOf(other), "text/plain"),
            """{"photo":{"sha256":"ab"}}""",
            """{"photo":{"sha""",
        ];
        var file = Encoding.UTF8.GetBytes(string.Join('\n', lines));
        var job = await admin.RunFileJobAsync("/api/v1/sync/import", "phone.ndjson", file);
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        var result = job["result"]!;
        Assert.Equal((7, 1, 0, 1), ((int)result["lines"]!, (int)result["applied"]!, (int)result["rejected"]!, (int)result["photos"]!));
        Assert.Equal(
            ["4 photo.hash_differs", "5 photo.not_an_image", "6 photo.type_not_accepted", "7 request.invalid", "8 sync.item_malformed"],
            result["refused_photos"]!.AsArray().Select(photo => $"{photo!["line"]} {photo["code"]}"));
        var reading = Assert.Single((await agent.GetAsync("/api/v1/readings")).Items());
        Assert.Equal("complete", (string?)reading["evidence"]);
        var shown = Assert.Single((await agent.GetAsync($"/api/v1/readings/{reading["id"]}/photos")).Data["items"]!.AsArray())!;
        Assert.Equal(good, await ContentAsync((string)shown["url"]!));

        var again = (await admin.RunFileJobAsync("/api/v1/sync/import", "phone.ndjson", file))["result"]!;
        Assert.Equal((0, 1, 1), ((int)again["applied"]!, (int)again["duplicate"]!, (int)again["photos"]!));
        Assert.Single((await agent.GetAsync($"/api/v1/readings/{reading["id"]}/photos")).Data["items"]!.AsArray());
    }

    [Fact]
    public async Task What_a_transaction_noted_that_came_to_nothing_is_told_to_nobody()
    {
        var admin = await server.SignInAsync("admin");
        var (_, user, _) = await server.MakeReaderAsync(admin, 1);
        var agent = new UserId(Guid.Parse(user));
        await using var scope = server.Services.CreateAsyncScope();
        var (transactions, changes, db) = (scope.ServiceProvider.GetRequiredService<WriteTransactions>(), scope.ServiceProvider.GetRequiredService<ChangeLog>(), scope.ServiceProvider.GetRequiredService<MeterSyncDb>());
        var before = await db.Set<AgentChange>().CountAsync(change => change.AgentId == agent);
        await Assert.ThrowsAsync<InvalidOperationException>(() => transactions.RunAsync<Done>(
            _ =>
            {
                changes.NoteReading(agent, new ReadingId(Guid.CreateVersion7()));
                throw new InvalidOperationException("The attempt fails.");
            },
            CancellationToken.None));
        await transactions.RunAsync<Done>(
            async token =>
            {
                await changes.WriteAsync(token);
                await db.SaveChangesAsync(token);
                return Done.It;
            },
            CancellationToken.None);
        Assert.Equal(before, await db.Set<AgentChange>().CountAsync(change => change.AgentId == agent));
    }

    private static JsonObject Item(string meter, decimal value, byte[] photo)
    {
        var item = SyncCalls.Item(meter, value);
        item["payload"]!["photos"] = new JsonArray(PhotoScene.HashOf(photo));
        return item;
    }

    private async Task<byte[]> ContentAsync(string url)
    {
        using var http = server.Anonymous();
        return await http.GetByteArrayAsync(new Uri(url, UriKind.RelativeOrAbsolute));
    }
}

public sealed class SyncPhotosOnSqliteTests(SqliteServer server) : SyncPhotosTests(server), IClassFixture<SqliteServer>;

public sealed class SyncPhotosOnPostgresTests(PostgresServer server) : SyncPhotosTests(server), IClassFixture<PostgresServer>;
