using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Host.Web;

public abstract class IdempotencyTests(ServerFixture server, TestClock clock)
{
    private static int number;

    [Fact]
    public async Task The_same_request_twice_takes_effect_once_and_answers_the_same()
    {
        var client = await server.SignInAsync("admin");
        var (key, body) = New();
        var first = await PostAsync(client, key, body);
        var again = await PostAsync(client, key, body);
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.Status, again.Status));
        Assert.Equal(first.Body.ToJsonString(), again.Body.ToJsonString());
        Assert.Equal(1, await CountAsync(client, body));
    }

    [Fact]
    public async Task The_same_key_with_other_content_is_a_conflict()
    {
        var client = await server.SignInAsync("admin");
        var (key, body) = New();
        await PostAsync(client, key, body);
        var (_, other) = New();
        var refused = await PostAsync(client, key, other);
        Assert.Equal((HttpStatusCode.Conflict, "idempotency.mismatch"), (refused.Status, refused.Code));
        Assert.Equal(0, await CountAsync(client, other));
    }

    [Fact]
    public async Task The_same_key_at_once_takes_effect_once()
    {
        var client = await server.SignInAsync("admin");
        for (var round = 0; round < 5; round++)
        {
            var (key, body) = New();
            var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => PostAsync(client, key, body)));
            Assert.All(answers, answer => Assert.Equal((HttpStatusCode.Created, null), (answer.Status, answer.Code)));
            Assert.Single(answers.Select(answer => (string?)answer.Data["id"]).Distinct());
            Assert.Equal(1, await CountAsync(client, body));
        }
    }

    [Fact]
    public async Task A_refused_request_does_not_burn_the_key()
    {
        var client = await server.SignInAsync("admin");
        var (key, body) = New();
        var wrong = body.DeepClone().AsObject();
        wrong["password"] = "short";
        Assert.Equal("user.weak_password", (await PostAsync(client, key, wrong)).Code);
        Assert.Equal(HttpStatusCode.Created, (await PostAsync(client, key, body)).Status);
    }

    [Fact]
    public async Task A_refusal_is_not_replayed()
    {
        var client = await server.SignInAsync("admin");
        var (_, body) = New();
        await PostAsync(client, "first-" + (string?)body["username"], body);
        var taken = await PostAsync(client, "second-" + (string?)body["username"], body);
        Assert.Equal((HttpStatusCode.Conflict, "user.email_taken"), (taken.Status, taken.Code));
    }

    [Fact]
    public async Task A_key_is_forgotten_after_a_day_and_not_before()
    {
        var client = await server.SignInAsync("admin");
        var (key, body) = New();
        await PostAsync(client, key, body);
        clock.Advance(TimeSpan.FromHours(23.9));
        client = await server.SignInAsync("admin");
        Assert.Equal(HttpStatusCode.Created, (await PostAsync(client, key, body)).Status);
        clock.Advance(TimeSpan.FromHours(0.2));
        client = await server.SignInAsync("admin");
        Assert.Equal("user.email_taken", (await PostAsync(client, key, body)).Code);
        var (_, other) = New();
        Assert.Equal(HttpStatusCode.Created, (await PostAsync(client, key, other)).Status);
    }

    [Fact]
    public async Task Keys_of_different_callers_never_meet()
    {
        var (key, body) = New();
        var (_, other) = New();
        Assert.Equal(HttpStatusCode.Created, (await PostAsync(await server.SignInAsync("admin"), key, body)).Status);
        other["role"] = "admin";
        await PostAsync(await server.SignInAsync("admin"), key + "-second", other);
        using var http = server.Anonymous();
        var second = await ApiClient.SignInAsync(http, (string)other["username"]!, (string)other["password"]!);
        var (_, third) = New();
        Assert.Equal(HttpStatusCode.Created, (await PostAsync(second, key, third)).Status);
    }

    [Fact]
    public async Task A_key_longer_than_255_characters_is_refused()
    {
        var (_, body) = New();
        var refused = await PostAsync(await server.SignInAsync("admin"), new string('k', 256), body);
        Assert.Equal((HttpStatusCode.BadRequest, "request.invalid"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task A_replayed_answer_has_the_headers_of_the_first()
    {
        var client = await server.SignInAsync("admin");
        var (first, again) = (await MakeMeterAsync(client), await MakeMeterAsync(client));
        Assert.Equal(("\"1\"", true), (first.Headers.ETag?.Tag, again.Headers.Contains("Idempotency-Replayed")));
        Assert.Equal((first.StatusCode, first.Headers.ETag, first.Headers.Location), (again.StatusCode, again.Headers.ETag, again.Headers.Location));
        Assert.NotNull(again.Headers.Location);
    }

    [Fact]
    public async Task The_same_file_uploaded_twice_is_one_job()
    {
        var client = await server.SignInAsync("admin");
        var file = $"serial_number,type\nIK-{Interlocked.Increment(ref number)},water\n";
        var key = "upload-" + number;
        var first = await UploadAsync(client, key, file);
        var again = await UploadAsync(client, key, file);
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.Status, again.Status));
        Assert.Equal((string?)first.Data["id"], (string?)again.Data["id"]);
        Assert.Equal(1, (int)(await client.WaitForJobAsync($"/api/v1/meters/import/{(string?)again.Data["id"]}"))["result"]!["created"]!);
        Assert.Empty(Directory.EnumerateFiles(server.Data.Uploads));

        Assert.Equal("idempotency.mismatch", (await UploadAsync(client, key, file + "IK-other,gas\n")).Code);
        Assert.Equal("idempotency.mismatch", (await UploadAsync(client, key, file, ("dry_run", "true"))).Code);
    }

    [Fact]
    public async Task A_form_that_breaks_off_does_not_burn_the_key()
    {
        var client = await server.SignInAsync("admin");
        var key = "broken-" + Interlocked.Increment(ref number);
        using var broken = new StringContent("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nserial_number,ty");
        broken.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        Assert.Equal("request.malformed", (await client.PostAsync("/api/v1/meters/import", broken, headers => headers.Add("Idempotency-Key", key))).Code);
        Assert.Equal(HttpStatusCode.Accepted, (await UploadAsync(client, key, "serial_number,type\n")).Status);
    }

    private static async Task<HttpResponseMessage> MakeMeterAsync(ApiClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/meters") { Content = System.Net.Http.Json.JsonContent.Create(new { serial_number = "IK-headers", meter_type = "gas" }) };
        request.Headers.Add("Idempotency-Key", "headers");
        return await client.Http.SendAsync(request);
    }

    private static async Task<ApiAnswer> UploadAsync(ApiClient client, string key, string file, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent { { new StringContent(file), "file", "meters.csv" } };
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        return await client.PostAsync("/api/v1/meters/import", form, headers => headers.Add("Idempotency-Key", key));
    }

    private static (string Key, JsonObject Body) New()
    {
        var name = $"keyed{Interlocked.Increment(ref number)}";
        return ("key-" + name, new JsonObject { ["email"] = name + "@example.com", ["username"] = name, ["name"] = name, ["role"] = "viewer", ["password"] = "correct-horse" });
    }

    private static Task<ApiAnswer> PostAsync(ApiClient client, string key, JsonNode body) =>
        client.PostAsync("/api/v1/users", body.DeepClone(), headers => headers.Add("Idempotency-Key", key));

    private static async Task<int> CountAsync(ApiClient client, JsonObject body) =>
        (int)(await client.GetAsync($"/api/v1/users?search={(string?)body["email"]}")).Data["total"]!;
}

public sealed class ClockedSqlite : SqliteServer
{
    public TestClock Clock { get; } = new();

    protected override void AdjustServices(IServiceCollection services) => services.AddSingleton<TimeProvider>(Clock);
}

public sealed class ClockedPostgres : PostgresServer
{
    public TestClock Clock { get; } = new();

    protected override void AdjustServices(IServiceCollection services) => services.AddSingleton<TimeProvider>(Clock);
}

public sealed class IdempotencyOnSqliteTests(ClockedSqlite server) : IdempotencyTests(server, server.Clock), IClassFixture<ClockedSqlite>;

public sealed class IdempotencyOnPostgresTests(ClockedPostgres server) : IdempotencyTests(server, server.Clock), IClassFixture<ClockedPostgres>;
