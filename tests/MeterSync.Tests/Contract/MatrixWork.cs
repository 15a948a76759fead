using System.Net;
using MeterSync.Kernel;
using MeterSync.Modules.Uploads.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Modules.Workforce;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MeterSync.Tests.Contract;

/// <summary>Makes what the workforce's operations are about.</summary>
internal sealed class MatrixWork(ServerFixture server, MatrixScene scene)
{
    private int routes;

    /// <summary>The caller, or somebody fresh in a region.</summary>
    public async Task<string> AgentAsync(MatrixCaller caller, Owner owner) =>
        owner == Owner.Own && caller.Role != "viewer" ? caller.UserId.ToString() : (await StrangerAsync(owner)).Id;

    /// <summary>For the caller where it is the own one, else for somebody in the region.</summary>
    public async Task<string> AssignmentAsync(MatrixCaller caller, Owner owner)
    {
        var meter = await scene.MeterAsync(caller, owner == Owner.Own ? Owner.Other : owner);
        return (string)(await MatrixScene.MadeAsync(scene.Admin, "/api/v1/assignments", new { meter_id = meter, agent_id = await AgentAsync(caller, owner) }))["id"]!;
    }

    public async Task<string> RouteAsync(MatrixCaller caller, Owner owner) => (string)(await MatrixScene.MadeAsync(scene.Admin, "/api/v1/routes", new
    {
        name = $"Route {999_999 - Interlocked.Increment(ref routes)}",
        region_id = owner == Owner.Outside ? scene.Beyond : scene.Inside,
        agent_id = owner == Owner.Own && caller.Role == "agent" ? caller.UserId : (Guid?)null,
        stops = new[] { await scene.MeterAsync(caller, owner == Owner.Own ? Owner.Other : owner) },
    }))["id"]!;

    /// <summary>Open, with one meter; an agent's own has it to read.</summary>
    public async Task<string> CycleAsync(MatrixCaller caller, Owner owner)
    {
        var place = scene.Unique("place");
        var meter = await scene.MeterAsync(caller, owner, place);
        var cycle = (string)(await MatrixScene.MadeAsync(scene.Admin, "/api/v1/read-cycles", new { name = place, window_from = "2026-01-01", window_to = "2199-01-01", location_id = place, region_id = owner == Owner.Outside ? scene.Beyond : scene.Inside }))["id"]!;
        await MatrixScene.MadeAsync(scene.Admin, $"/api/v1/read-cycles/{cycle}/open", new { }, HttpStatusCode.OK);
        if (owner == Owner.Own && caller.Role == "agent")
        {
            await MatrixScene.MadeAsync(scene.Admin, "/api/v1/assignments", new { meter_id = meter, agent_id = caller.UserId });
        }

        return cycle;
    }

    public async Task<string> SkipAsync(MatrixCaller caller, Owner owner) =>
        (string)(await MatrixScene.MadeAsync(owner == Owner.Own && caller.Role != "viewer" ? caller.Client : scene.Admin, "/api/v1/skips", new { meter_id = await scene.MeterAsync(caller, owner), code = "dog" }))["id"]!;

    /// <summary>Put into the database: through the API it takes two cycles.</summary>
    public async Task<string> FollowUpAsync(MatrixCaller caller, Owner owner)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        var made = new FollowUp
        {
            Id = scope.ServiceProvider.GetRequiredService<IdSource>().Next<FollowUpId>(),
            MeterId = new MeterId(Guid.Parse(await scene.MeterAsync(caller, owner))),
            Reason = FollowUpReason.SkippedTwice,
            OpenedAt = TimeProvider.System.GetUtcNow().ToStored(),
        };
        db.Add(made);
        await db.SaveChangesAsync();
        return made.Id.Value.ToString();
    }

    /// <summary>An agent's own is what the agent proposed; what is to be decided was proposed by a stranger, since nobody decides about own work.</summary>
    public async Task<string> ApprovalAsync(MatrixCaller caller, Owner owner, bool isDecided)
    {
        var meter = await scene.MeterAsync(caller, owner);
        var own = owner == Owner.Own && caller.Role == "agent";
        var proposer = own && !isDecided ? caller.Client : scene.Admin;
        if (!own)
        {
            var stranger = await StrangerAsync(owner);
            await MatrixScene.MadeAsync(scene.Admin, "/api/v1/assignments", new { meter_id = meter, agent_id = stranger.Id });
            proposer = stranger.Client;
        }

        return (string)(await MatrixScene.MadeAsync(proposer, "/api/v1/approvals", new { meter_id = meter, meter_data = new { access_notes = "Ring twice" } }))["id"]!;
    }

    /// <summary>Of an agent in the region. Revoking one's own ends the sign-in it came with, which therefore is another than the caller's.</summary>
    public async Task<string> PhoneAsync(MatrixCaller caller, Owner owner)
    {
        var (client, user) = owner == Owner.Own && caller.Role is ("agent" or "admin") ? (await scene.SignInAgainAsync(caller), caller.UserId.ToString()) : await StrangerAsync(owner);
        var key = scene.Unique("phone");
        await client.SendAsync(HttpMethod.Get, "/api/v1/sync/changes", null, headers => headers.Add("X-Device-Id", key));
        return (string)(await scene.Admin.GetAsync($"/api/v1/field-devices?user_id={user}")).Items().Single(phone => (string?)phone["device_id"] == key)["id"]!;
    }

    /// <summary>What a phone of an agent in the region brought and could not be applied; only agents have phones.</summary>
    public async Task<string> SyncFaultAsync(MatrixCaller caller, Owner owner, string kind)
    {
        var (client, user) = owner == Owner.Own && caller.Role == "agent" ? (caller.Client, caller.UserId.ToString()) : await StrangerAsync(owner);
        var id = Guid.CreateVersion7();
        object Said(string entity, string status) => new { client_id = id, entity, op = "update", payload = new { status } };
        var sent = await client.PostAsync("/api/v1/readings/sync", new { device_id = "matrix", items = kind == "conflicts" ? new[] { Said("agent_status", "busy"), Said("agent_status", "available") } : [Said("song", "busy")] });
        var known = (await scene.Admin.GetAsync($"/api/v1/sync/{kind}?user_id={user}")).Data["items"]!.AsArray();
        return (string)(known.Count > 0 ? known[0]! : throw new InvalidOperationException(sent.Body.ToJsonString()))["id"]!;
    }

    /// <summary>Begun as a module does it: what takes the file is not asked.</summary>
    public async Task<string> UploadAsync(MatrixCaller caller, Owner owner)
    {
        var person = owner == Owner.Own ? caller.UserId : Guid.Parse((await StrangerAsync(owner)).Id);
        await using var scope = server.Services.CreateAsyncScope();
        var begun = await scope.ServiceProvider.GetRequiredService<IUploads>().BeginAsync(new NewUpload { UserId = new UserId(person), Length = 10, Purpose = "photo" }, CancellationToken.None);
        await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().SaveChangesAsync();
        return begun.Value!.Id.Value.ToString();
    }

    private async Task<(ApiClient Client, string Id)> StrangerAsync(Owner owner)
    {
        var name = scene.Unique("walker");
        var user = (string)(await scene.Admin.MakeUserAsync(name, "agent"))["id"]!;
        await MatrixScene.MadeAsync(scene.Admin, "/api/v1/agents", new { user_id = user, region_id = owner == Owner.Outside ? scene.Beyond : scene.Inside });
        return (await server.SignInWithAsync(name), user);
    }
}
