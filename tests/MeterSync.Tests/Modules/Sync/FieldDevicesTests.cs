using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Store;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Modules.Workforce;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Sync;

public abstract class FieldDevicesTests(ServerFixture server)
{
    private const string Path = "/api/v1/field-devices";

    [Fact]
    public async Task A_phone_shows_in_the_office_with_what_it_said_of_itself()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var phone = PhoneOf(agent, "pixel-1");
        await phone.PullAllAsync();
        var shown = Assert.Single((await admin.GetAsync($"{Path}?user_id={id}")).Items());
        Assert.Equal(
            ("pixel-1", "Anna's phone", "1.4.2", 17, 0, 0, null),
            ((string?)shown["device_id"], (string?)shown["name"], (string?)shown["app_version"], (int?)shown["unsent_count"], (int)shown["open_faults"]!, (int)shown["last_seq"]!, (string?)shown["revoked_at"]));
        Assert.NotEqual("", (string?)shown["user_name"]);

        // What it says next is booked; what it leaves out stays.
        phone.Headers.Remove("X-Device-Name");
        phone.Headers["X-Unsent-Count"] = "0";
        await phone.PullAsync();
        var one = (await admin.GetAsync($"{Path}/{shown["id"]}")).Data;
        Assert.Equal(("Anna's phone", 0), ((string?)one["name"], (int?)one["unsent_count"]));
        Assert.Equal((string?)shown["id"], (string?)Assert.Single((await admin.GetAsync($"{Path}?search=ANNA%27S&user_id={id}")).Items())["id"]);
        Assert.Empty((await admin.GetAsync($"{Path}?search=nokia&user_id={id}")).Items());
        Assert.Empty((await admin.GetAsync($"{Path}?revoked=true&user_id={id}")).Items());
    }

    [Fact]
    public async Task Nothing_is_booked_of_a_phone_that_does_not_say_which_it_is()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        await new Phone(agent).PullAllAsync();
        Assert.Empty((await admin.GetAsync($"{Path}?user_id={id}")).Items());
    }

    [Fact]
    public async Task Contacts_at_once_make_one_phone_and_two_people_who_share_one_have_two()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        var (other, otherId) = await server.MakeAgentAsync(admin);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => PhoneOf(agent, "shared").PullAllAsync()));
        await PhoneOf(other, "shared").PullAllAsync();
        Assert.Single((await admin.GetAsync($"{Path}?user_id={id}")).Items());
        Assert.Single((await admin.GetAsync($"{Path}?user_id={otherId}")).Items());
    }

    [Fact]
    public async Task A_revoked_phone_is_out_at_once_and_stays_out()
    {
        var admin = await server.SignInAsync("admin");
        var name = WorkCalls.NewName("loser");
        var user = await admin.MakeUserAsync(name, "agent");
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/agents", new { user_id = user["id"], max_load = 5 })).Status);
        var (first, second, tablet) = (PhoneOf(await server.SignInWithAsync(name), "lost"), PhoneOf(await server.SignInWithAsync(name), "lost"), PhoneOf(await server.SignInWithAsync(name), "tablet"));
        foreach (var phone in new[] { first, second, tablet })
        {
            await phone.PullAllAsync();
        }

        var lost = (string)(await admin.GetAsync($"{Path}?user_id={user["id"]}&search=lost")).Items()[0]["id"]!;
        var revoked = await admin.DeleteAsync($"{Path}/{lost}");
        Assert.True(revoked.Status == HttpStatusCode.OK, revoked.Body.ToJsonString());
        Assert.NotNull(revoked.Data["revoked_at"]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await first.AskAsync(null)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await second.AskAsync(null)).Status);
        Assert.Equal(HttpStatusCode.OK, (await tablet.AskAsync(null)).Status);

        // Who found it and knows the password gets no further, and the next phone is welcome.
        var again = await PhoneOf(await server.SignInWithAsync(name), "lost").AskAsync(null);
        Assert.Equal((HttpStatusCode.Forbidden, "sync.device_revoked"), (again.Status, again.Code));
        await PhoneOf(await server.SignInWithAsync(name), "new").PullAllAsync();
        Assert.Equal((string?)revoked.Data["revoked_at"], (string?)(await admin.DeleteAsync($"{Path}/{lost}")).Data["revoked_at"]);
        var told = Assert.Single((await admin.GetAsync($"/api/v1/audit-logs?entity_type=field_device&entity_id={lost}")).Items());
        Assert.Equal("field_device.revoked", (string?)told["action"]);
    }

    [Fact]
    public async Task A_phone_whose_sign_in_a_restore_took_away_sends_until_its_token_runs_out()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id, meters) = await server.MakeReaderAsync(admin, 1);
        await using (var scope = server.Services.CreateAsyncScope())
        {
            var owner = new UserId(Guid.Parse(id));
            Assert.NotEqual(0, await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<Session>().Where(session => session.UserId == owner).ExecuteDeleteAsync(TestContext.Current.CancellationToken));
        }

        await PhoneOf(agent, "restored").PullAllAsync();
        Assert.Equal(["applied"], (await agent.PushAsync(SyncCalls.Batch("restored", SyncCalls.Item(meters[0], 1)))).Statuses());
        Assert.Single((await admin.GetAsync($"{Path}?user_id={id}")).Items());
    }

    [Fact]
    public async Task Who_is_bounded_to_regions_sees_the_phones_of_their_agents()
    {
        var admin = await server.SignInAsync("admin");
        var regions = new List<string>();
        for (var count = 0; count < 2; count++)
        {
            regions.Add((string)(await admin.PostAsync("/api/v1/regions", new { name = WorkCalls.NewName("Phones ") })).Data["id"]!);
        }

        var (near, nearId) = await server.MakeAgentAsync(admin, region: regions[0]);
        var (far, farId) = await server.MakeAgentAsync(admin, region: regions[1]);
        await PhoneOf(near, "near").PullAllAsync();
        await PhoneOf(far, "far").PullAllAsync();
        var name = WorkCalls.NewName("head");
        await admin.MakeUserAsync(name, "manager", new[] { Guid.Parse(regions[0]) });
        var manager = await server.SignInWithAsync(name);
        Assert.Equal("near", (string?)Assert.Single((await manager.GetAsync(Path)).Items())["device_id"]);
        var hidden = (string)(await admin.GetAsync($"{Path}?user_id={farId}")).Items()[0]["id"]!;
        Assert.Equal("field_device.not_found", (await manager.GetAsync($"{Path}/{hidden}")).Code);
        Assert.Equal("field_device.not_found", (await manager.DeleteAsync($"{Path}/{hidden}")).Code);
        Assert.Null((await admin.GetAsync($"{Path}/{hidden}")).Data["revoked_at"]);
        Assert.Equal(HttpStatusCode.OK, (await manager.DeleteAsync($"{Path}/{(await admin.GetAsync($"{Path}?user_id={nearId}")).Items()[0]["id"]}")).Status);
    }

    [Fact]
    public async Task Agents_and_viewers_revoke_nothing()
    {
        var id = Guid.CreateVersion7();
        foreach (var name in new[] { "agent1", "viewer" })
        {
            var client = await server.SignInAsync(name);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Path)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"{Path}/{id}")).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await client.DeleteAsync($"{Path}/{id}")).Status);
        }

        using var http = server.Anonymous();
        Assert.Equal(HttpStatusCode.Unauthorized, (await new ApiClient(http).GetAsync(Path)).Status);
    }

    [Fact]
    public async Task Who_is_forgotten_leaves_no_name_of_a_phone()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, id) = await server.MakeAgentAsync(admin);
        await PhoneOf(agent, "gone").PullAllAsync();
        await using var scope = server.Services.CreateAsyncScope();
        var user = new UserId(Guid.Parse(id));
        var personal = scope.ServiceProvider.GetServices<IPersonalData>().Single(place => place.Section == "field_devices");
        using var told = new MemoryStream();
        await using (var json = new System.Text.Json.Utf8JsonWriter(told))
        {
            await personal.WriteAsync(json, user, CancellationToken.None);
        }

        Assert.Equal("Anna's phone", (string?)JsonNode.Parse(told.ToArray())![0]!["name"]);
        await personal.EraseAsync(user, CancellationToken.None);
        var device = await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<FieldDevice>().AsNoTracking().SingleAsync(one => one.UserId == user);
        Assert.Equal((null, null, false), (device.Name, device.AppVersion, device.RevokedAt is null));
    }

    private static Phone PhoneOf(ApiClient client, string device) => new(client)
    {
        Headers = { ["X-Device-Id"] = device, ["X-Device-Name"] = "Anna's phone", ["X-App-Version"] = "1.4.2", ["X-Unsent-Count"] = "17" },
    };
}

public sealed class FieldDevicesOnSqliteTests(SqliteServer server) : FieldDevicesTests(server), IClassFixture<SqliteServer>;

public sealed class FieldDevicesOnPostgresTests(PostgresServer server) : FieldDevicesTests(server), IClassFixture<PostgresServer>;
