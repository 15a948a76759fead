using System.Net;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Host.Web;

public abstract class EntityTagTests(ServerFixture server)
{
    private static int number;

    [Fact]
    public async Task An_edit_on_what_one_read_succeeds_and_gives_the_next_tag()
    {
        var (client, path, tag) = await MakeAsync();
        var edited = await EditAsync(client, path, tag);
        Assert.Equal(HttpStatusCode.OK, edited.Status);
        Assert.NotEqual(tag, edited.ETag);
        Assert.Equal(edited.ETag, (await client.GetAsync(path)).ETag);
        Assert.Equal(HttpStatusCode.OK, (await EditAsync(client, path, edited.ETag!)).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("\"999\"")]
    [InlineData("\"not ours\"")]
    [InlineData("\"-1\"")]
    public async Task An_edit_on_anything_else_is_a_lost_update(string? given)
    {
        var (client, path, tag) = await MakeAsync();
        await EditAsync(client, path, tag);
        var before = (await client.GetAsync(path)).Body.ToJsonString();
        var refused = await EditAsync(client, path, given ?? tag);
        Assert.Equal((HttpStatusCode.PreconditionFailed, "resource.lost_update"), (refused.Status, refused.Code));
        Assert.Equal(before, (await client.GetAsync(path)).Body.ToJsonString());
    }

    [Theory]
    [InlineData("*")]
    [InlineData("weak")]
    public async Task A_star_and_a_weak_tag_are_understood(string given)
    {
        var (client, path, tag) = await MakeAsync();
        Assert.Equal(HttpStatusCode.OK, (await EditAsync(client, path, given == "weak" ? "W/" + tag : given)).Status);
    }

    [Fact]
    public async Task Of_many_edits_at_once_on_one_tag_one_succeeds()
    {
        var (client, path, tag) = await MakeAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => EditAsync(client, path, tag)));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => Assert.Equal("resource.lost_update", answer.Code));
    }

    private static Task<ApiAnswer> EditAsync(ApiClient client, string path, string tag) =>
        client.PatchAsync(path, new { address = $"{Interlocked.Increment(ref number)} Mill Lane" }, headers => headers.TryAddWithoutValidation("If-Match", tag));

    private async Task<(ApiClient Client, string Path, string Tag)> MakeAsync()
    {
        var client = await server.SignInAsync("admin");
        var made = await client.PostAsync("/api/v1/meters", new { serial_number = $"TAG-{Interlocked.Increment(ref number)}", meter_type = "water" });
        Assert.Equal(HttpStatusCode.Created, made.Status);
        return (client, $"/api/v1/meters/{(string?)made.Data["id"]}", made.ETag!);
    }
}

public sealed class EntityTagOnSqliteTests(SqliteServer server) : EntityTagTests(server), IClassFixture<SqliteServer>;

public sealed class EntityTagOnPostgresTests(PostgresServer server) : EntityTagTests(server), IClassFixture<PostgresServer>;
