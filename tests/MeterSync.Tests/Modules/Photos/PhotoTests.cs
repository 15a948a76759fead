using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using MeterSync.Modules.Photos.Upkeep;
using MeterSync.Tests.Host.Web;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Modules.Workforce;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Photos;

public abstract class PhotoTests(ServerFixture server, TestClock clock)
{
    [Fact]
    public async Task A_photo_is_announced_sent_completed_and_seen()
    {
        var (agent, meter, _) = await SceneAsync();
        var taken = clock.GetUtcNow().AddMinutes(-5);
        var bytes = TestPictures.Taken(51.5, -0.12, taken);
        var announced = await PhotoScene.AnnounceAsync(agent, bytes);
        Assert.Equal(HttpStatusCode.Created, announced.Status);
        Assert.Equal(((string?)announced.Data["photo_id"], "PUT"), ((string?)announced.Data["file_id"], (string?)announced.Data["method"]));
        Assert.Equal(HttpStatusCode.OK, (await PhotoScene.PutAsync(server, announced.Data, bytes)).Status);
        var done = await agent.PostAsync("/api/v1/photos/confirm", new { file_id = (string?)announced.Data["file_id"], sha256 = PhotoScene.HashOf(bytes) });
        Assert.Equal((HttpStatusCode.OK, "complete", 6), (done.Status, (string?)done.Data["state"], (int?)done.Data["orientation"]));
        Assert.Equal((51.5, -0.12), (Math.Round((double)done.Data["latitude"]!, 5), Math.Round((double)done.Data["longitude"]!, 5)));
        Assert.Equal(taken.ToUnixTimeSeconds(), ((DateTimeOffset)done.Data["taken_at"]!).ToUnixTimeSeconds());

        using var anyone = server.Anonymous();
        using var content = await anyone.GetAsync((string)done.Data["url"]!);
        Assert.Equal(bytes, await content.Content.ReadAsByteArrayAsync());
        Assert.Equal(("image/jpeg", $"\"{PhotoScene.HashOf(bytes)}\"", "nosniff", "inline"), (content.Content.Headers.ContentType?.ToString(), content.Headers.ETag?.Tag, content.Headers.GetValues("X-Content-Type-Options").Single(), content.Content.Headers.ContentDisposition?.DispositionType));
        using var part = new HttpRequestMessage(HttpMethod.Get, (string)done.Data["url"]!) { Headers = { Range = new RangeHeaderValue(10, 19) } };
        using var piece = await anyone.SendAsync(part);
        Assert.Equal((HttpStatusCode.PartialContent, Convert.ToHexString(bytes.AsSpan(10, 10))), (piece.StatusCode, Convert.ToHexString(await piece.Content.ReadAsByteArrayAsync())));
        Assert.NotNull(meter);
    }

    [Fact]
    public async Task Other_bytes_than_announced_are_refused_and_nothing_is_kept()
    {
        var (agent, _, _) = await SceneAsync();
        var bytes = TestPictures.Jpeg(1);
        foreach (var (sent, code) in new[] { (bytes[..^1], "photo.size_differs"), ([.. bytes, 0], "photo.size_differs"), (Changed(bytes), "photo.hash_differs") })
        {
            var announced = (await PhotoScene.AnnounceAsync(agent, bytes)).Data;
            var put = await PhotoScene.PutAsync(server, announced, sent);
            var complete = await PhotoScene.CompleteAsync(agent, announced);
            Assert.Equal(code, put.Code ?? complete.Code);
            Assert.Equal(HttpStatusCode.BadRequest, put.Code is null ? complete.Status : put.Status);
            (await PhotoScene.CompleteAsync(agent, announced)).Refused(HttpStatusCode.Conflict, "photo.not_uploaded");
        }

        var again = (await PhotoScene.AnnounceAsync(agent, bytes)).Data;
        await PhotoScene.PutAsync(server, again, bytes);
        Assert.Equal("complete", (string?)(await PhotoScene.CompleteAsync(agent, again)).Data["state"]);
    }

    [Fact]
    public async Task An_executable_named_jpg_is_no_photo()
    {
        var (agent, _, _) = await SceneAsync();
        byte[] bytes = [0x7F, (byte)'E', (byte)'L', (byte)'F', .. Guid.CreateVersion7().ToByteArray(), .. new byte[500]];
        var announced = (await PhotoScene.AnnounceAsync(agent, bytes)).Data;
        var put = await PhotoScene.PutAsync(server, announced, bytes);
        var answer = put.Code is null ? await PhotoScene.CompleteAsync(agent, announced) : put;
        answer.Refused(HttpStatusCode.UnsupportedMediaType, "photo.not_an_image");
        (await agent.PostAsync("/api/v1/files/upload/photo", Form(bytes, "meter.jpg"))).Refused(HttpStatusCode.UnsupportedMediaType, "file.type_not_accepted");
        (await PhotoScene.AnnounceAsync(agent, bytes, new { content_type = "application/x-msdownload" })).Refused(HttpStatusCode.UnsupportedMediaType, "photo.type_not_accepted");
    }

    [Fact]
    public async Task A_photo_that_is_too_large_is_refused_before_it_is_sent()
    {
        var (agent, _, _) = await SceneAsync();
        (await PhotoScene.AnnounceAsync(agent, TestPictures.Jpeg(2), new { size = 200_001 })).Refused(HttpStatusCode.RequestEntityTooLarge, "photo.too_large");
        (await agent.PostAsync("/api/v1/files/upload/photo", Form(new byte[200_001], "big.jpg"))).Refused(HttpStatusCode.RequestEntityTooLarge, "request.too_large");
        foreach (var wrong in new object[] { new { size = 0 }, new { sha256 = "abc" }, new { filename = (string?)null }, new { size = "many" } })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await PhotoScene.AnnounceAsync(agent, TestPictures.Jpeg(2), wrong)).Status);
        }
    }

    [Fact]
    public async Task Somebody_elses_photo_is_not_there()
    {
        var (agent, meter, _) = await SceneAsync();
        var (other, _, _) = await SceneAsync();
        var reading = await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 5 });
        var photo = await PhotoScene.SendAsync(agent, TestPictures.Jpeg(3), new { reading_id = (string?)reading.Data["id"] });
        var path = $"/api/v1/photos/{photo["id"]}";
        (await other.GetAsync(path)).Refused(HttpStatusCode.NotFound, "photo.not_found");
        (await other.GetAsync(path + "/content")).Refused(HttpStatusCode.NotFound, "photo.not_found");
        (await other.PostAsync("/api/v1/photos/complete", new { photo_id = (string?)photo["id"] })).Refused(HttpStatusCode.NotFound, "photo.not_found");
        (await other.GetAsync($"/api/v1/readings/{reading.Data["id"]}/photos")).Refused(HttpStatusCode.NotFound, "photo.reading_not_found");
        (await PhotoScene.AnnounceAsync(other, TestPictures.Jpeg(4), new { reading_id = (string?)reading.Data["id"] })).Refused(HttpStatusCode.NotFound, "photo.reading_not_found");
        Assert.Equal(HttpStatusCode.OK, (await (await server.SignInAsync("admin")).GetAsync(path)).Status);
        var viewer = await server.SignInAsync("viewer");
        (await PhotoScene.AnnounceAsync(viewer, TestPictures.Jpeg(5))).Refused(HttpStatusCode.Forbidden, "auth.forbidden");
        using var http = server.Anonymous();
        (await new ApiClient(http).GetAsync(path + "/content")).Refused(HttpStatusCode.Unauthorized, "auth.required");
    }

    [Fact]
    public async Task An_address_works_for_its_photo_and_its_time_only()
    {
        var (agent, _, _) = await SceneAsync();
        var bytes = TestPictures.Jpeg(6);
        var photo = await PhotoScene.SendAsync(agent, bytes);
        var other = await PhotoScene.SendAsync(agent, TestPictures.Jpeg(7));
        var url = (string)photo["url"]!;
        using var http = server.Anonymous();
        var nobody = new ApiClient(http);
        Assert.Equal(HttpStatusCode.OK, (await nobody.GetAsync(url)).Status);
        (await nobody.GetAsync(url.Replace((string)photo["id"]!, (string)other["id"]!, StringComparison.Ordinal))).Refused(HttpStatusCode.Forbidden, "photo.link_invalid");
        (await nobody.GetAsync(url[..^3] + (url[^3] == 'A' ? 'B' : 'A') + url[^2..])).Refused(HttpStatusCode.Forbidden, "photo.link_invalid");
        (await nobody.GetAsync($"/api/v1/photos/{photo["id"]}/content?signature=%20")).Refused(HttpStatusCode.Forbidden, "photo.link_invalid");
        (await nobody.SendAsync(HttpMethod.Put, url, new ByteArrayContent(bytes))).Refused(HttpStatusCode.Forbidden, "photo.link_invalid");
        clock.Advance(TimeSpan.FromMinutes(61));
        (await nobody.GetAsync(url)).Refused(HttpStatusCode.Forbidden, "photo.link_expired");
    }

    [Fact]
    public async Task Announced_sent_and_completed_twice_it_is_one_photo_stored_once()
    {
        var (agent, _, _) = await SceneAsync();
        var (other, _, _) = await SceneAsync();
        var bytes = TestPictures.Jpeg(8);
        var client = Guid.CreateVersion7();
        var first = (await PhotoScene.AnnounceAsync(agent, bytes, new { reading_client_id = client })).Data;
        var second = (await PhotoScene.AnnounceAsync(agent, bytes, new { reading_client_id = client })).Data;
        Assert.Equal((string?)first["photo_id"], (string?)second["photo_id"]);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PhotoScene.SendAsync(agent, bytes, new { reading_client_id = client })));
        Assert.Equal("complete", (string?)(await PhotoScene.CompleteAsync(agent, first)).Data["state"]);

        // Who has not proven to have the bytes hears nothing of their being here.
        var theirs = (await PhotoScene.AnnounceAsync(other, bytes)).Data;
        (await PhotoScene.CompleteAsync(other, theirs)).Refused(HttpStatusCode.Conflict, "photo.not_uploaded");
        Assert.Equal(1, await BlobBooks.UsesAsync(server, bytes));
        await PhotoScene.SendAsync(other, bytes);
        Assert.Equal(2, await BlobBooks.UsesAsync(server, bytes));
    }

    [Fact]
    public async Task A_photo_finds_its_reading_whichever_comes_first()
    {
        var (agent, meter, _) = await SceneAsync();
        var (one, two, three) = (TestPictures.Jpeg(9), TestPictures.Jpeg(10), TestPictures.Jpeg(11));
        var client = Guid.CreateVersion7();
        await PhotoScene.SendAsync(agent, one, new { reading_client_id = client });
        var reading = await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 5, client_id = client, photos = new[] { PhotoScene.HashOf(one), PhotoScene.HashOf(two).ToUpperInvariant() } });
        Assert.Equal("pending", (string?)reading.Data["evidence"]);
        var path = $"/api/v1/readings/{reading.Data["id"]}";
        Assert.Equal(PhotoScene.HashOf(two), ((string)Assert.Single((await agent.GetAsync(path + "/photos")).Data["missing"]!.AsArray())!).ToLowerInvariant());
        Assert.Contains((await agent.GetAsync("/api/v1/readings?evidence=pending")).Items(), item => (string?)item["id"] == (string?)reading.Data["id"]);
        await PhotoScene.SendAsync(agent, two, new { reading_client_id = client });
        Assert.Equal("complete", (string?)(await agent.GetAsync(path)).Data["evidence"]);
        Assert.Equal(2, (await agent.GetAsync(path + "/photos")).Data["items"]!.AsArray().Count);
        Assert.Empty((await agent.GetAsync("/api/v1/readings?evidence=pending")).Items());

        // All photos first: the reading is complete at once. One that lists none is found by the next pass.
        var (later, silent) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await PhotoScene.SendAsync(agent, three, new { reading_client_id = later });
        Assert.Equal("complete", (string?)(await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 6, client_id = later, photos = new[] { PhotoScene.HashOf(three) } })).Data["evidence"]);
        await PhotoScene.SendAsync(agent, TestPictures.Jpeg(12), new { reading_client_id = silent });
        var quiet = await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 7, client_id = silent });
        Assert.Equal("none", (string?)quiet.Data["evidence"]);
        await server.Services.GetRequiredService<PhotoUpkeep>().PassAsync(isThorough: false, CancellationToken.None);
        Assert.Equal("complete", (string?)(await agent.GetAsync($"/api/v1/readings/{quiet.Data["id"]}")).Data["evidence"]);
    }

    [Fact]
    public async Task A_list_of_photos_that_changes_is_looked_at_anew()
    {
        var (agent, meter, _) = await SceneAsync();
        var bytes = TestPictures.Jpeg(13);
        var reading = (await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 5, photos = new[] { "https://example.org/a.jpg" } })).Data;
        Assert.Equal("none", (string?)reading["evidence"]);
        var path = $"/api/v1/readings/{reading["id"]}";
        Assert.Equal("pending", (string?)(await agent.PutAsync(path, new { photos = new[] { PhotoScene.HashOf(bytes) } })).Data["evidence"]);
        var photo = await PhotoScene.SendAsync(agent, bytes, new { reading_id = (string?)reading["id"] });
        Assert.Equal("complete", (string?)(await agent.GetAsync(path)).Data["evidence"]);
        Assert.Equal("complete", (string?)(await agent.PutAsync(path, new { photos = new[] { (string?)photo["id"] } })).Data["evidence"]);
        Assert.Equal("pending", (string?)(await agent.PutAsync(path, new { photos = new[] { (string?)photo["id"], Guid.CreateVersion7().ToString() } })).Data["evidence"]);
    }

    [Fact]
    public async Task Photos_speak_in_the_proof_of_visit()
    {
        var (agent, meter, id) = await SceneAsync();
        var admin = await server.SignInAsync("admin");
        var here = new { latitude = 51.5, longitude = -0.12, accuracy_m = 5 };
        var bytes = TestPictures.Taken(51.51, -0.12, clock.GetUtcNow().AddHours(-3));
        var first = (await agent.PostAsync("/api/v1/readings", Reading(meter, 5, bytes))).Data;
        await PhotoScene.SendAsync(agent, bytes, new { reading_id = (string?)first["id"] });
        Assert.Equal(["photo_elsewhere", "photo_old"], await ReasonsAsync(first));
        var second = (await agent.PostAsync("/api/v1/readings", Reading(meter, 6, bytes))).Data;
        Assert.Equal("complete", (string?)second["evidence"]);
        Assert.Equal(["photo_elsewhere", "photo_old", "photo_reused"], await ReasonsAsync(second));
        Assert.Equal(["photo_elsewhere", "photo_old"], await ReasonsAsync(first));
        Assert.Equal("accepted", (string?)second["state"]);

        var good = TestPictures.Taken(51.5002, -0.12, clock.GetUtcNow());
        var third = (await agent.PostAsync("/api/v1/readings", Reading(meter, 7, good))).Data;
        await PhotoScene.SendAsync(agent, good, new { reading_id = (string?)third["id"] });
        Assert.Equal([], await ReasonsAsync(third));

        JsonObject Reading(string of, int value, byte[] photo) => new() { ["meter_id"] = of, ["reading_value"] = value, ["latitude"] = here.latitude, ["longitude"] = here.longitude, ["accuracy_m"] = here.accuracy_m, ["photos"] = new JsonArray(PhotoScene.HashOf(photo)) };

        async Task<IEnumerable<string?>> ReasonsAsync(JsonNode reading)
        {
            var visit = Assert.Single((await admin.GetAsync($"/api/v1/visits?agent_id={id}&reading_id={reading["id"]}")).Items());
            return [.. visit["reasons"]!.AsArray().Select(reason => (string?)reason!["code"]).Where(code => code!.StartsWith("photo_", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        }
    }

    [Fact]
    public async Task A_meter_that_needs_photos_flags_readings_without_after_a_week()
    {
        var (agent, meter, _) = await SceneAsync();
        var admin = await server.SignInAsync("admin");
        Assert.True((bool)(await admin.PatchAsync($"/api/v1/meters/{meter}", new { requires_photo = true })).Data["requires_photo"]!);
        var bytes = TestPictures.Jpeg(14);
        var late = (string)(await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 5, photos = new[] { PhotoScene.HashOf(bytes) } })).Data["id"]!;
        var never = (string)(await agent.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 6 })).Data["id"]!;
        var upkeep = server.Services.GetRequiredService<PhotoUpkeep>();
        await upkeep.PassAsync(isThorough: true, CancellationToken.None);
        Assert.Equal("pending", (string?)(await agent.GetAsync($"/api/v1/readings/{late}")).Data["evidence"]);

        clock.Advance(TimeSpan.FromDays(7.5));
        await upkeep.PassAsync(isThorough: true, CancellationToken.None);
        admin = await server.SignInAsync("admin");
        foreach (var id in new[] { late, never })
        {
            var reading = (await admin.GetAsync($"/api/v1/readings/{id}")).Data;
            Assert.Equal(("missing", "accepted"), ((string?)reading["evidence"], (string?)reading["state"]));
            Assert.Contains("VEE-116", reading["values"]![0]!["verdict"]!["flags"]!.AsArray().Select(flag => (string?)flag));
        }

        Assert.Equal(2, (await admin.GetAsync($"/api/v1/readings?evidence=missing&meter_id={meter}")).Items().Count);
        await PhotoScene.SendAsync(admin, bytes, new { reading_id = late });
        var came = (await admin.GetAsync($"/api/v1/readings/{late}")).Data;
        Assert.Equal("complete", (string?)came["evidence"]);
        Assert.DoesNotContain("VEE-116", came["values"]![0]!["verdict"]!["flags"]!.AsArray().Select(flag => (string?)flag));
    }

    private static byte[] Changed(byte[] bytes)
    {
        byte[] changed = [.. bytes];
        changed[10] ^= 1;
        return changed;
    }

    internal static MultipartFormDataContent Form(byte[] bytes, string name) => new() { { new ByteArrayContent(bytes), "file", name } };

    /// <summary>An agent with one meter to read.</summary>
    private async Task<(ApiClient Agent, string Meter, string Id)> SceneAsync()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var meter = (await admin.MakeMetersAsync(1, WorkCalls.NewName("photo")))[0];
        await admin.GiveAsync(meter, id);
        return (agent, meter, id);
    }
}

public sealed class PhotoOnSqliteTests(PhotosOnSqlite server) : PhotoTests(server, server.Clock), IClassFixture<PhotosOnSqlite>;

public sealed class PhotoOnPostgresTests(PhotosOnPostgres server) : PhotoTests(server, server.Clock), IClassFixture<PhotosOnPostgres>;

public sealed class PhotoInS3Tests(PhotosInS3 server) : PhotoTests(server, server.Clock), IClassFixture<PhotosInS3>;
