using System.Net;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Accounts;

public abstract class RoleTests(ServerFixture server)
{
    [Fact]
    public async Task A_role_is_made_given_changed_and_deleted()
    {
        var admin = await server.SignInAsync("admin");
        var made = await admin.PostAsync("/api/v1/roles", new { name = "clerk", description = "Looks", permissions = new[] { "meters:read" } });
        var path = $"/api/v1/roles/{made.Data["id"]}";
        Assert.Equal((HttpStatusCode.Created, "\"1\"", false), (made.Status, made.ETag, (bool)made.Data["built_in"]!));
        await admin.MakeUserAsync("clara", "clerk", "all");
        var clara = await server.SignInWithAsync("clara");
        Assert.Equal(HttpStatusCode.OK, (await clara.GetAsync("/api/v1/meters")).Status);
        (await clara.GetAsync("/api/v1/readings")).Refused(HttpStatusCode.Forbidden, "auth.forbidden");

        var changed = await admin.PutAsync(path, new { name = "clerk", permissions = new[] { "readings:read" } });
        Assert.Equal(2, (int)changed.Data["version"]!);
        Assert.Equal(HttpStatusCode.OK, (await clara.GetAsync("/api/v1/readings")).Status);
        (await clara.GetAsync("/api/v1/meters")).Refused(HttpStatusCode.Forbidden, "auth.forbidden");
        (await admin.PutAsync(path, new { name = "clerk", permissions = Array.Empty<string>() }, headers => headers.TryAddWithoutValidation("If-Match", "\"1\""))).Refused(HttpStatusCode.PreconditionFailed, "resource.lost_update");

        (await admin.DeleteAsync(path)).Refused(HttpStatusCode.Conflict, "role.in_use");
        Assert.Equal(HttpStatusCode.OK, (await admin.PatchAsync($"/api/v1/users/{(await clara.GetAsync("/api/v1/auth/me")).Data["id"]}", new { role = "viewer" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await admin.DeleteAsync(path)).Status);
        (await admin.GetAsync(path)).Refused(HttpStatusCode.NotFound, "role.not_found");
    }

    [Fact]
    public async Task The_built_in_roles_are_listed_and_stay_as_they_are()
    {
        var admin = await server.SignInAsync("admin");
        var roles = (await admin.GetAsync("/api/v1/roles")).Data["items"]!.AsArray();
        Assert.Equal(["admin", "manager", "agent", "viewer"], roles.Take(4).Select(role => (string?)role!["name"]));
        foreach (var role in roles.Take(4))
        {
            Assert.Equal((string?)role!["name"], (string?)(await admin.GetAsync($"/api/v1/roles/{role["id"]}")).Data["name"]);
            (await admin.PutAsync($"/api/v1/roles/{role["id"]}", new { name = (string?)role["name"], permissions = Array.Empty<string>() })).Refused(HttpStatusCode.Conflict, "role.built_in");
            (await admin.DeleteAsync($"/api/v1/roles/{role["id"]}")).Refused(HttpStatusCode.Conflict, "role.built_in");
            (await admin.PostAsync("/api/v1/roles", new { name = (string?)role["name"], permissions = Array.Empty<string>() })).Refused(HttpStatusCode.Conflict, "role.name_taken");
        }

        var permissions = (await admin.GetAsync("/api/v1/permissions")).Data;
        Assert.Equal((int)permissions["total"]!, permissions["items"]!.AsArray().Count);
        Assert.Equal(roles[0]!["permissions"]!.AsArray().Select(name => (string?)name), permissions["items"]!.AsArray().Select(permission => (string?)permission!["name"]));
    }

    [Theory]
    [InlineData("""{"name":"Bad Name","permissions":[]}""", "name")]
    [InlineData("""{"name":"a b","permissions":[]}""", "name")]
    [InlineData("""{"permissions":[]}""", "name")]
    [InlineData("""{"name":"wrong-one","permissions":["meters:explode"]}""", "permissions")]
    [InlineData("""{"name":"wrong-one","permissions":[null]}""", "permissions")]
    [InlineData("""{"name":"wrong-one"}""", "permissions")]
    [InlineData("""{"name":"wrong-one","permissions":[],"sees":"everything"}""", "sees")]
    public async Task A_bad_role_is_refused_by_name(string body, string field)
    {
        var admin = await server.SignInAsync("admin");
        var refused = await admin.PostAsync("/api/v1/roles", body);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains(field, refused.Body["error"]!["details"]!.AsObject().Select(detail => detail.Key));
    }

    [Fact]
    public async Task A_role_that_sees_the_own_rows_sees_no_others()
    {
        var admin = await server.SignInAsync("admin");
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/roles", new { name = "reader", permissions = new[] { "readings:read", "readings:create", "meters:read" }, sees = "own" })).Status);
        var user = (await admin.MakeUserAsync("olga", "reader"))["id"];
        var olga = await server.SignInWithAsync("olga");
        Assert.Equal("own", (string?)(await olga.GetAsync("/api/v1/auth/me")).Data["scope"]);
        var meter = (await admin.PostAsync("/api/v1/meters", new { serial_number = "R-1", type = "water" })).Data["id"];
        await admin.PostAsync("/api/v1/agents", new { user_id = user });
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/assignments", new { meter_id = meter, agent_id = user })).Status);
        await admin.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 1 });
        Assert.Equal(0, (int)(await olga.GetAsync("/api/v1/readings")).Data["total"]!);
        await olga.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = 2 });
        Assert.Equal(1, (int)(await olga.GetAsync("/api/v1/readings")).Data["total"]!);
    }
}

public sealed class RoleOnSqliteTests(SqliteServer server) : RoleTests(server), IClassFixture<SqliteServer>;

public sealed class RoleOnPostgresTests(PostgresServer server) : RoleTests(server), IClassFixture<PostgresServer>;
