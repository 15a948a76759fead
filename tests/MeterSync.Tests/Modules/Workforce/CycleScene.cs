using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Workforce.MarkOverdue;
using MeterSync.Store;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce;

/// <summary>An open cycle of two regions in which every outcome is present, and those who look at it.</summary>
internal sealed class CycleScene
{
    public required ServerFixture Server { get; init; }

    public required ApiClient Admin { get; init; }

    /// <summary>Sees the north only.</summary>
    public required ApiClient Manager { get; init; }

    public required ApiClient Walker { get; init; }

    public required string WalkerId { get; init; }

    public required ApiClient Second { get; init; }

    public required string SecondId { get; init; }

    public required string North { get; init; }

    public required string South { get; init; }

    public required string Cycle { get; init; }

    /// <summary>Nine in the north: read, held, estimated, skipped, skipped and read later, pending, in progress, overdue, unassigned.</summary>
    public required List<string> InNorth { get; init; }

    /// <summary>Three in the south: read, pending, unassigned.</summary>
    public required List<string> InSouth { get; init; }

    public string Path => $"/api/v1/read-cycles/{Cycle}";

    public static async Task<CycleScene> MakeAsync(ServerFixture server)
    {
        var admin = await server.SignInAsync("admin");
        var place = WorkCalls.NewName("outcomes");
        var (north, south) = (await RegionAsync(admin), await RegionAsync(admin));
        var (walker, walkerId) = await server.MakeAgentAsync(admin, region: north);
        // Full once the scene stands: available by status only.
        var (second, secondId) = await server.MakeAgentAsync(admin, maxLoad: 1, region: south);
        var manager = WorkCalls.NewName("north");
        await admin.MakeUserAsync(manager, "manager", new[] { Guid.Parse(north) });
        var (inNorth, inSouth) = (await admin.MakeMetersAsync(9, place, north), await admin.MakeMetersAsync(3, place, south));
        await ReadAsync(admin, inNorth[1], 100, -20);
        var cycle = await admin.PostAsync("/api/v1/read-cycles", new { name = place, window_from = Day(-10), window_to = Day(10), location_id = place });
        var scene = new CycleScene
        {
            Server = server,
            Admin = admin,
            Manager = await server.SignInWithAsync(manager),
            Walker = walker,
            WalkerId = walkerId,
            Second = second,
            SecondId = secondId,
            North = north,
            South = south,
            InNorth = inNorth,
            InSouth = inSouth,
            Cycle = (string)cycle.Data["id"]!,
        };
        Assert.Equal(HttpStatusCode.OK, (await admin.PostAsync(scene.Path + "/open")).Status);
        await scene.FillAsync();
        return scene;
    }

    private async Task FillAsync()
    {
        foreach (var index in new[] { 0, 3, 4, 5, 6 })
        {
            await Admin.GiveAsync(InNorth[index], WalkerId);
        }

        var late = await Admin.PostAsync("/api/v1/assignments", new { meter_id = InNorth[7], agent_id = WalkerId, due_at = TimeProvider.System.GetUtcNow().AddMinutes(-1) });
        Assert.True(late.Status == HttpStatusCode.Created, late.Body.ToJsonString());
        await ReadAsync(Walker, InNorth[0], 100);
        Assert.Equal("held", await ReadAsync(Admin, InNorth[1], 50));
        await ReadAsync(Admin, InNorth[2], 100);
        await EstimateAsync(InNorth[2]);
        await SkipAsync(InNorth[3], "no_access");
        await SkipAsync(InNorth[4], "dog");
        await SkipAsync(InNorth[4], "dog");
        await ReadAsync(Walker, InNorth[4], 100);
        var work = (await Walker.GetAsync($"/api/v1/assignments?meter_id={InNorth[6]}")).Items()[0];
        Assert.Equal(HttpStatusCode.OK, (await Walker.PutAsync($"/api/v1/assignments/me/{work["id"]}/status", new { status = "in_progress" })).Status);
        await Server.Services.GetRequiredService<OverdueWork>().PassAsync(CancellationToken.None);
        await ReadAsync(Admin, InSouth[0], 100);
        await Admin.GiveAsync(InSouth[1], SecondId);
    }

    /// <summary>Follows every link of an answer: the list has as many rows as the number says.</summary>
    /// <returns>How many were followed.</returns>
    public static async Task<int> FollowAsync(ApiClient client, string told, JsonObject links, Func<string, JsonNode?> numberOf)
    {
        var followed = 0;
        foreach (var (place, path) in links)
        {
            var listed = await client.GetAsync((string)path!);
            Assert.True(listed.Status == HttpStatusCode.OK, $"{told} {place} {path}: {listed.Body.ToJsonString()}");
            if (numberOf(place) is { } number && number.GetValueKind() == JsonValueKind.Number && listed.Data["total"] is { } total)
            {
                Assert.True((int)total == number.GetValue<int>(), $"{told} {place}: {number} but {path} lists {total}");
                followed++;
            }
        }

        return followed;
    }

    /// <summary>Follows every link of the progress, those of its agents too.</summary>
    public async Task<JsonNode> FollowProgressAsync(ApiClient client)
    {
        var progress = (await client.GetAsync(Path + "/progress")).Data;
        var followed = await FollowAsync(client, "progress", progress["links"]!.AsObject(), place => place.StartsWith("skips_by_code.", StringComparison.Ordinal)
            ? progress["skips_by_code"]!.AsArray().First(row => place == $"skips_by_code.{row!["code"]}")!["count"]
            : place.Split('.').Aggregate(progress, (node, name) => node[name]!));
        Assert.Equal(7 + progress["skips_by_code"]!.AsArray().Count, followed);
        foreach (var agent in progress["agents"]!.AsArray())
        {
            Assert.Equal(5, await FollowAsync(client, "progress of an agent", agent!["links"]!.AsObject(), name => agent[name]));
        }

        return progress;
    }

    public static string OutcomesOf(JsonNode progress) => string.Join(' ', new[] { "total", "read", "held", "estimated", "skipped", "assigned", "unassigned" }.Select(name => $"{name}={progress["meters"]![name]}"));

    public static async Task<string> ReadAsync(ApiClient client, string meter, int value, int days = 0)
    {
        var read = await client.PostAsync("/api/v1/readings", new { meter_id = meter, reading_value = value, reading_timestamp = TimeProvider.System.GetUtcNow().AddDays(days) });
        Assert.True(read.Status == HttpStatusCode.Created, read.Body.ToJsonString());
        return (string)read.Data["state"]!;
    }

    private static string Day(int days) => TimeProvider.System.GetUtcNow().AddDays(days).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<string> RegionAsync(ApiClient admin) => (string)(await admin.PostAsync("/api/v1/regions", new { name = WorkCalls.NewName("Outcome region ") })).Data["id"]!;

    private async Task SkipAsync(string meter, string code)
    {
        var skip = await Walker.PostAsync("/api/v1/skips", new { meter_id = meter, code });
        Assert.True(skip.Status == HttpStatusCode.Created, skip.Body.ToJsonString());
    }

    /// <summary>Through the API only closing the cycle estimates.</summary>
    private async Task EstimateAsync(string meter)
    {
        await using var scope = Server.Services.CreateAsyncScope();
        var id = new MeterId(Guid.Parse(meter));
        await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<Reading>().Where(reading => reading.MeterId == id).ExecuteUpdateAsync(set => set.SetProperty(reading => reading.Source, ReadingSource.Estimate));
    }
}
