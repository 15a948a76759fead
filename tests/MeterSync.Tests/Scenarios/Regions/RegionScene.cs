using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Tests.Modules.Meters;
using MeterSync.Tests.Modules.Readings;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Scenarios.Regions;

/// <summary>Two regions with a meter and two readings each, a third meter in none; a manager who sees the first region, and an administrator who sees all.</summary>
internal sealed class RegionScene
{
    private static int made;
    private readonly int number = Interlocked.Increment(ref made);

    private RegionScene(ServerFixture server, ApiClient admin, ApiClient manager) => (Server, Admin, Manager) = (server, admin, manager);

    public ServerFixture Server { get; }

    public ApiClient Admin { get; }

    public ApiClient Manager { get; }

    /// <summary>Unique to the scene, in all its names.</summary>
    public string Tag => $"scn{number:000}x";

    /// <summary>Of its meters; no other scene is within a kilometre.</summary>
    public int Latitude => number % 80;

    public string North { get; private set; } = "";

    public string South { get; private set; } = "";

    public SceneMeter Own { get; private set; } = null!;

    public SceneMeter Other { get; private set; } = null!;

    public SceneMeter Loose { get; private set; } = null!;

    public IEnumerable<SceneMeter> All => [Own, Other, Loose];

    /// <summary>Newest reading of each meter.</summary>
    public Dictionary<SceneMeter, string> Newest { get; } = [];

    public static async Task<RegionScene> MakeAsync(ServerFixture server)
    {
        ((INarrowServer)server).View.OfManagers = null;
        var scene = new RegionScene(server, await server.SignInAsync("admin"), await server.SignInAsync("manager"));
        scene.North = await scene.RegionAsync("north");
        scene.South = await scene.RegionAsync("south");
        scene.Own = await scene.MeterAsync("own", scene.North);
        scene.Other = await scene.MeterAsync("other", scene.South);
        scene.Loose = await scene.MeterAsync("loose", null);
        scene.See(scene.North);
        return scene;
    }

    /// <summary>What the manager sees from here on.</summary>
    public void See(params string[] regions) => ((INarrowServer)Server).View.OfManagers = DataScope.Of(regions.Select(id => new RegionId(Guid.Parse(id))));

    public async Task<string> RegionAsync(string name)
    {
        var answer = await Admin.PostAsync("/api/v1/regions", new { name = $"{Tag} {name}" });
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Body.ToJsonString());
        return (string)answer.Data["id"]!;
    }

    public async Task<SceneMeter> MeterAsync(string name, string? region)
    {
        var meter = await Admin.MakeMeterAsync(new { serial_number = $"{Tag}-{name}", meter_type = "electric", address = $"1 {Tag} Street", location_id = Tag, latitude = Latitude, longitude = 20.5, region_id = region, digits = 5, decimals = 1 });
        var scene = new SceneMeter(Guid.Parse((string)meter["id"]!), (string)meter["serial_number"]!, [Guid.Parse((string)meter["registers"]![0]!["id"]!)]);
        await ReadingScene.ReadAsync(Admin, scene, 1000, ReadingScene.Day(60));
        Newest[scene] = (string)(await ReadingScene.ReadAsync(Admin, scene, 1100, ReadingScene.Day(30)))["id"]!;
        return scene;
    }

    public async Task<JsonNode> ImportAsync(ApiClient client, string path, string text, params (string, string)[] fields)
    {
        var job = await client.RunFileJobAsync(path, "list.csv", Encoding.UTF8.GetBytes(text), fields);
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        return job;
    }

    /// <summary>Row, column, code of each problem of an import.</summary>
    public static IEnumerable<string> Problems(JsonNode job) => job["result"]!["problems"]!.AsArray().Select(problem => $"{problem!["row"]} {problem["column"]} {problem["code"]}");

    /// <summary>Serial numbers of a list of meters or readings, and its total.</summary>
    public static async Task<(string[] Serials, int? Total)> ListAsync(ApiClient client, string path)
    {
        var answer = await client.GetAsync(path);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body.ToJsonString());
        return ([.. answer.Data["items"]!.AsArray().Select(item => (string)item!["serial_number"]!).Distinct().Order(StringComparer.Ordinal)], (int?)answer.Data["total"]);
    }
}
