using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Modules.Workforce;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Sync;

public abstract class SyncReadingsTests(ServerFixture server)
{
    [Fact]
    public async Task A_batch_is_applied_and_sent_again_gets_the_same_answers()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id, meters) = await server.MakeReaderAsync(admin, 5);
        var batch = SyncCalls.Batch("phone-1", [.. meters.Select((meter, index) => SyncCalls.Item(meter, 100 + index))]);
        var first = await agent.PushAsync(batch);
        Assert.All(first.Statuses(), status => Assert.Equal("applied", status));
        Assert.Equal([1, 2, 3, 4, 5], first.Results().Select(result => (int)result!["receipt"]!["server_seq"]!));
        var again = await agent.PushAsync(batch);
        Assert.All(again.Statuses(), status => Assert.Equal("duplicate", status));
        foreach (var (one, other) in first.Results().Zip(again.Results()))
        {
            Assert.Equal(one!["receipt"]!.ToJsonString(), other!["receipt"]!.ToJsonString());
            Assert.Equal((string?)one["server_id"], (string?)other["server_id"]);
            Assert.Equal(one["verdict"]!.ToJsonString(), other["verdict"]!.ToJsonString());
        }

        Assert.Equal((string?)first["epoch"], (string?)again["epoch"]);
        var stored = (await admin.GetAsync($"/api/v1/readings?agent_id={id}&limit=100")).Items();
        Assert.Equal(5, stored.Count);
        Assert.All(stored, reading => Assert.Equal("accepted", (string?)reading["state"]));
        var work = (await admin.GetAsync($"/api/v1/assignments?agent_id={id}&limit=100")).Items();
        Assert.All(work, one => Assert.Equal("completed", (string?)one["status"]));
        Assert.Equal(5, (await admin.GetAsync($"/api/v1/visits?agent_id={id}&limit=100")).Items().Count);
    }

    [Fact]
    public async Task Each_item_is_answered_for_itself()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, _, meters) = await server.MakeReaderAsync(admin, 3);
        var (_, _, others) = await server.MakeReaderAsync(admin, 1);
        var wrongType = SyncCalls.Item(meters[1], 5);
        wrongType["payload"]!["reading_value"] = "twelve";
        var wrongId = SyncCalls.Item(meters[1], 5);
        wrongId["client_id"] = "no-id";
        var kind = SyncCalls.Item(meters[1], 5);
        kind["entity"] = "song";
        var digits = SyncCalls.Item(meters[2], 1_234_567_890_123_456m);
        var data = await agent.PushAsync(SyncCalls.Batch(
            "phone-2", SyncCalls.Item(meters[0], 1), wrongType, wrongId, kind, digits, SyncCalls.Item(others[0], 3), SyncCalls.Item(Guid.CreateVersion7().ToString(), 3), SyncCalls.Item(meters[1], 2), JsonValue.Create(7), new JsonArray()));
        Assert.Equal(["applied", "rejected", "rejected", "rejected", "rejected", "rejected", "rejected", "applied", "rejected", "rejected"], data.Statuses());
        Assert.Equal("request.invalid", (string?)data.Results()[1]!["problem"]!["code"]);
        Assert.Equal("sync.item_malformed", (string?)data.Results()[2]!["problem"]!["code"]);
        Assert.Equal("sync.unknown_entity", (string?)data.Results()[3]!["problem"]!["code"]);
        Assert.Equal("reading.meter_not_found", (string?)data.Results()[5]!["problem"]!["code"]);
        Assert.Equal([1, 2], data.Results().Where(result => result!["receipt"] is not null).Select(result => (int)result!["receipt"]!["server_seq"]!));
        var held = await agent.PushAsync(SyncCalls.Batch("phone-2", SyncCalls.Item(meters[2], 12_345_678m)));
        Assert.Equal("held", (string?)held.Results()[0]!["verdict"]!["state"]);
    }

    [Fact]
    public async Task Other_content_under_one_client_id_is_a_conflict_and_the_first_counts()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id, meters) = await server.MakeReaderAsync(admin, 2);
        var client = Guid.CreateVersion7();
        var at = SyncCalls.Now.AddMinutes(-9);
        var first = await agent.PushAsync(SyncCalls.Batch("phone-3", SyncCalls.Item(meters[0], 12.5m, client, at)));
        Assert.Equal(["applied"], first.Statuses());
        var spelled = SyncCalls.Item(meters[0], 12.50m, client, at);
        spelled["payload"]!["mood"] = "good";
        Assert.Equal(["duplicate"], (await agent.PushAsync(SyncCalls.Batch("phone-3", spelled))).Statuses());
        var other = (await agent.PushAsync(SyncCalls.Batch("phone-3", SyncCalls.Item(meters[0], 13m, client, at)))).Results()[0]!;
        Assert.Equal(("conflict", "sync.client_id_conflict"), ((string?)other["status"], (string?)other["problem"]!["code"]));
        Assert.Equal(12.5m, (decimal)Assert.Single((await admin.GetAsync($"/api/v1/readings?agent_id={id}")).Items())["reading_value"]!);

        // Of somebody else's id nobody learns more than that it is taken.
        var (stranger, _, theirs) = await server.MakeReaderAsync(admin, 1);
        Assert.Equal(["conflict"], (await stranger.PushAsync(SyncCalls.Batch("phone-3", SyncCalls.Item(theirs[0], 12.5m, client, at)))).Statuses());

        // Twice in one batch: the second waits for the first.
        var twin = SyncCalls.Item(meters[1], 7);
        var different = twin.DeepClone();
        different["payload"]!["reading_value"] = 8;
        var twins = await agent.PushAsync(SyncCalls.Batch("phone-3", twin, twin, different));
        Assert.Equal(["applied", "duplicate", "conflict"], twins.Statuses());
        Assert.Equal(twins.Results()[0]!["receipt"]!.ToJsonString(), twins.Results()[1]!["receipt"]!.ToJsonString());
    }

    [Fact]
    public async Task A_reading_posted_before_is_a_duplicate_with_a_receipt()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, _, meters) = await server.MakeReaderAsync(admin, 1);
        var client = Guid.CreateVersion7();
        var at = SyncCalls.Now.AddMinutes(-3);
        var item = SyncCalls.Item(meters[0], 44, client, at);
        var body = item["payload"]!.DeepClone();
        body["client_id"] = client.ToString();
        var posted = await agent.PostAsync("/api/v1/readings", body);
        Assert.True(posted.Status == HttpStatusCode.Created, posted.Body.ToJsonString());
        var result = (await agent.PushAsync(SyncCalls.Batch("phone-4", item))).Results()[0]!;
        Assert.Equal(("duplicate", (string?)posted.Data["id"], 1), ((string?)result["status"], (string?)result["server_id"], (int)result["receipt"]!["server_seq"]!));
    }

    [Fact]
    public async Task What_came_before_a_right_was_taken_away_is_answered_as_then()
    {
        var admin = await server.SignInAsync("admin");
        var name = WorkCalls.NewName("bringer");
        string[] rights = ["meters:read", "readings:read", "readings:create", "sync:push"];
        var role = await admin.PostAsync("/api/v1/roles", new { name, permissions = (string[])[.. rights, "readings:import"] });
        Assert.True(role.Status == HttpStatusCode.Created, role.Body.ToJsonString());
        await admin.MakeUserAsync(name, name, "all");
        var bringer = await server.SignInWithAsync(name);
        var meters = await admin.MakeMetersAsync(2, WorkCalls.NewName("bringer"));
        var (old, late) = (SyncCalls.Item(meters[0], 12), SyncCalls.Item(meters[1], 13));
        old["payload"]!["source"] = "import";
        late["payload"]!["source"] = "import";
        var first = (await bringer.PushAsync(SyncCalls.Batch("phone-right", old))).Results()[0]!;
        Assert.Equal("applied", (string?)first["status"]);
        Assert.Equal(HttpStatusCode.OK, (await admin.PutAsync($"/api/v1/roles/{role.Data["id"]}", new { name, permissions = rights })).Status);
        var again = await bringer.PushAsync(SyncCalls.Batch("phone-right", old, late));
        Assert.Equal(["duplicate", "rejected"], again.Statuses());
        Assert.Equal(first["receipt"]!.ToJsonString(), again.Results()[0]!["receipt"]!.ToJsonString());
        Assert.Equal("reading.source_not_allowed", (string?)again.Results()[1]!["problem"]!["code"]);
    }

    [Fact]
    public async Task Fifty_identical_batches_at_once_make_one_row_each()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id, meters) = await server.MakeReaderAsync(admin, 4);
        var batch = SyncCalls.Batch("phone-5", [.. meters.Select(meter => SyncCalls.Item(meter, 5))]);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => agent.PushAsync(batch)));
        Assert.Equal(4, answers.Sum(answer => answer.Statuses().Count(status => status == "applied")));
        Assert.All(answers.SelectMany(answer => answer.Statuses()), status => Assert.Contains(status, (string[])["applied", "duplicate"]));
        Assert.Single(answers.Select(answer => string.Join('|', answer.Results().Select(result => result!["receipt"]!.ToJsonString()))).Distinct());
        Assert.Equal(4, (await admin.GetAsync($"/api/v1/readings?agent_id={id}")).Items().Count);
    }

    [Fact]
    public async Task Lines_are_read_one_by_one_and_a_broken_one_spoils_itself()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, _, meters) = await server.MakeReaderAsync(admin, 2);
        var answer = await agent.PostAsync(SyncCalls.Path, SyncCalls.Lines(
            """{"device_id":"phone-6"}""", SyncCalls.Item(meters[0], 1).ToJsonString(), """{"client_id":"0189""", "", SyncCalls.Item(meters[1], 2).ToJsonString()));
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body.ToJsonString());
        Assert.Equal(["applied", "rejected", "applied"], answer.Data.Statuses());
        Assert.Equal("sync.item_malformed", (string?)answer.Data.Results()[1]!["problem"]!["code"]);
    }

    [Fact]
    public async Task A_broken_line_is_shown_in_whole_characters()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, _, meters) = await server.MakeReaderAsync(admin, 1);
        var answer = await agent.PostAsync(SyncCalls.Path, SyncCalls.Lines("""{"device_id":"phone-60"}""", new string('a', 59) + "\U0001F600 and more", SyncCalls.Item(meters[0], 1).ToJsonString()));
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body.ToJsonString());
        Assert.Equal(["rejected", "applied"], answer.Data.Statuses());
        Assert.Equal("sync.item_malformed", (string?)answer.Data.Results()[0]!["problem"]!["code"]);
    }

    [Fact]
    public async Task A_reading_posted_by_a_system_is_known_when_it_comes_in_a_batch()
    {
        var admin = await server.SignInAsync("admin");
        var meter = (await admin.MakeMetersAsync(1, WorkCalls.NewName("system")))[0];
        var client = Guid.CreateVersion7();
        var item = SyncCalls.Item(meter, 44, client, SyncCalls.Now.AddMinutes(-3));
        item["payload"]!["source"] = "import";
        var body = item["payload"]!.DeepClone();
        body["client_id"] = client.ToString();
        var posted = await admin.PostAsync("/api/v1/readings", body);
        Assert.True(posted.Status == HttpStatusCode.Created, posted.Body.ToJsonString());
        Assert.Equal(["duplicate"], (await admin.PushAsync(SyncCalls.Batch("phone-system", item))).Statuses());
    }

    [Fact]
    public async Task A_first_line_that_is_an_item_is_answered_whatever_it_lacks()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, _, meters) = await server.MakeReaderAsync(admin, 2);
        var nameless = SyncCalls.Item(meters[0], 1);
        nameless.Remove("client_id");
        var answer = await agent.SendAsync(HttpMethod.Post, SyncCalls.Path, SyncCalls.Lines(nameless.ToJsonString(), SyncCalls.Item(meters[1], 2).ToJsonString()), headers => headers.Add("X-Device-Id", "phone-line"));
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body.ToJsonString());
        Assert.Equal(["rejected", "applied"], answer.Data.Statuses());
        (await agent.PostAsync(SyncCalls.Path, SyncCalls.Lines(SyncCalls.Batch("phone-line", SyncCalls.Item(meters[1], 3)).ToJsonString()))).Refused(HttpStatusCode.BadRequest, "request.malformed");
    }

    [Fact]
    public async Task What_cannot_be_is_refused_for_itself_also_where_the_clock_is_repaired()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, _, meters) = await server.MakeReaderAsync(admin, 4);
        var (old, far, bytes, deep) = (SyncCalls.Item(meters[0], 1), SyncCalls.Item(meters[1], 2), SyncCalls.Item(meters[2], 3), SyncCalls.Item(meters[0], 4));
        foreach (var (item, date) in new[] { (old, "0001-01-01"), (far, "9999-12-31") })
        {
            item["payload"]!.AsObject().Remove("reading_timestamp");
            item["payload"]!["reading_date"] = date;
            item["clock"] = new JsonObject { ["wall"] = SyncCalls.Now.AddHours(1).ToString("O"), ["server_offset_ms"] = date[0] == '0' ? -3_600_000 : 3_600_000 };
        }

        bytes["payload"]!["notes"] = "here";
        for (var (inner, depth) = (deep["payload"]!.AsObject(), 0); depth < 60; depth++)
        {
            inner = (JsonObject)(inner["unknown"] = new JsonObject());
        }

        var batch = SyncCalls.Batch("phone-edge", old, far, bytes, deep, SyncCalls.Item(meters[3], 5));
        (batch["app_version"], batch["device_name"], batch["unsent_count"]) = (new string('7', 80), "Ann\u0007s phone", 99_999_999_999);
        // A byte that is no UTF-8 in a note of one item.
        var text = Encoding.Latin1.GetBytes(batch.ToJsonString().Replace("\"here\"", "\"h\u00fcr\"", StringComparison.Ordinal));
        using var body = new ByteArrayContent(text) { Headers = { ContentType = new("application/json") } };
        var answer = await agent.PostAsync(SyncCalls.Path, body);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body.ToJsonString());
        Assert.Equal(["rejected", "rejected", "rejected", "rejected", "applied"], answer.Data.Statuses());
        Assert.All(answer.Data.Results().Take(4), result => Assert.NotEqual("server.unexpected", (string?)result!["problem"]!["code"]));
        Assert.Equal(4, (await agent.GetAsync("/api/v1/sync/quarantine")).Items().Count);
    }

    [Fact]
    public async Task An_item_applied_before_is_a_duplicate_whatever_the_key_of_its_request()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, _, meters) = await server.MakeReaderAsync(admin, 1);
        var batch = SyncCalls.Batch("phone-key", SyncCalls.Item(meters[0], 1));
        Task<ApiAnswer> SendAsync() => agent.SendAsync(HttpMethod.Post, SyncCalls.Path, JsonContent.Create(batch), headers => headers.Add("Idempotency-Key", "the-same"));
        var (first, second) = (await SendAsync(), await SendAsync());
        Assert.Equal(["applied", "duplicate"], first.Data.Statuses().Concat(second.Data.Statuses()));
        Assert.Equal(first.Data.Results()[0]!["receipt"]!.ToJsonString(), second.Data.Results()[0]!["receipt"]!.ToJsonString());
    }

    [Fact]
    public async Task The_seeds_shape_and_packed_bodies_are_read()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, _, meters) = await server.MakeReaderAsync(admin, 1);
        var seed = new JsonObject
        {
            ["readings"] = new JsonArray(new JsonObject { ["client_id"] = Guid.CreateVersion7().ToString(), ["meter_id"] = meters[0], ["reading_value"] = "17.25", ["reading_timestamp"] = SyncCalls.Now.AddMinutes(-1).ToString("O") }),
        };
        var answer = await agent.SendAsync(HttpMethod.Post, SyncCalls.Path, SyncCalls.Packed(Encoding.UTF8.GetBytes(seed.ToJsonString())), headers => headers.Add("X-Device-Id", "phone-7"));
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body.ToJsonString());
        Assert.Equal(["applied"], answer.Data.Statuses());
        (await agent.PostAsync(SyncCalls.Path, seed)).Refused(HttpStatusCode.BadRequest, "sync.device_missing");
    }

    [Fact]
    public async Task Batches_that_are_too_large_change_nothing()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id, meters) = await server.MakeReaderAsync(admin, 1);
        var many = SyncCalls.Batch("phone-8", [.. Enumerable.Range(0, 1_001).Select(index => SyncCalls.Item(meters[0], index))]);
        (await agent.PostAsync(SyncCalls.Path, many)).Refused(HttpStatusCode.RequestEntityTooLarge, "sync.too_many_items");
        var bomb = Encoding.UTF8.GetBytes("""{"device_id":"phone-8","items":[],"pad":"@"}""".Replace("@", new string('x', 6 * 1024 * 1024), StringComparison.Ordinal));
        (await agent.PostAsync(SyncCalls.Path, SyncCalls.Packed(bomb))).Refused(HttpStatusCode.RequestEntityTooLarge, "request.too_large");
        (await agent.PostAsync(SyncCalls.Path, """{"device_id":"phone-8","items":[{]}""")).Refused(HttpStatusCode.BadRequest, "request.malformed");
        (await agent.PostAsync(SyncCalls.Path, """{"device_id":"phone-8"}""")).Refused(HttpStatusCode.BadRequest, "request.invalid");
        (await agent.PostAsync(SyncCalls.Path, new StringContent("a=b", Encoding.UTF8, "text/plain"))).Refused(HttpStatusCode.UnsupportedMediaType, "request.unsupported_media_type");
        (await (await server.SignInAsync("viewer")).PostAsync(SyncCalls.Path, SyncCalls.Batch("phone-8"))).Refused(HttpStatusCode.Forbidden, "auth.forbidden");
        Assert.Empty((await admin.GetAsync($"/api/v1/readings?agent_id={id}")).Items());
    }

    [Fact]
    public async Task A_wrong_clock_is_repaired_and_the_raw_one_kept()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id, meters) = await server.MakeReaderAsync(admin, 1);
        var truth = SyncCalls.Now.AddHours(-2);
        var wall = truth.AddYears(10);
        var item = SyncCalls.Item(meters[0], 9, null, wall);
        item["clock"] = new JsonObject { ["wall"] = wall.ToString("O"), ["monotonic_ms"] = 1_000 };
        var batch = SyncCalls.Batch("phone-9", item);
        batch["clock"] = new JsonObject { ["wall"] = wall.AddHours(2).ToString("O"), ["monotonic_ms"] = 1_000 + (2 * 3_600_000) };
        var result = (await agent.PushAsync(batch)).Results()[0]!;
        Assert.Equal("accepted", (string?)result["verdict"]!["state"]);
        var stored = Assert.Single((await admin.GetAsync($"/api/v1/readings?agent_id={id}")).Items());
        Assert.InRange(DateTimeOffset.Parse((string)stored["reading_timestamp"]!, System.Globalization.CultureInfo.InvariantCulture), truth.AddMinutes(-1), truth.AddMinutes(1));
    }

    [Fact]
    public async Task Several_readings_of_one_meter_are_judged_one_after_the_other()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id, meters) = await server.MakeReaderAsync(admin, 2);
        var start = SyncCalls.Now.AddDays(-3);
        var data = await agent.PushAsync(SyncCalls.Batch(
            "phone-10", SyncCalls.Item(meters[0], 100, null, start), SyncCalls.Item(meters[1], 7, null, start), SyncCalls.Item(meters[0], 104, null, start.AddDays(2)), SyncCalls.Item(meters[0], 102, null, start.AddDays(1))));
        Assert.All(data.Statuses(), status => Assert.Equal("applied", status));
        var stored = (await admin.GetAsync($"/api/v1/readings?agent_id={id}&meter_id={meters[0]}")).Items().OrderBy(reading => (string?)reading["reading_timestamp"], StringComparer.Ordinal).ToList();
        Assert.Equal([null, 2m, 2m], stored.Select(reading => (decimal?)reading["values"]![0]!["verdict"]!["consumption"]));
    }
}

public sealed class SyncReadingsOnSqliteTests(SqliteServer server) : SyncReadingsTests(server), IClassFixture<SqliteServer>;

public sealed class SyncReadingsOnPostgresTests(PostgresServer server) : SyncReadingsTests(server), IClassFixture<PostgresServer>;
