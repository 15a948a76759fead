using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Contract;

/// <summary>Whose an object is, as the caller sees it.</summary>
public enum Owner
{
    /// <summary>Made by the caller where the caller may, else made for the caller's region.</summary>
    Own,

    /// <summary>Made by somebody else, in the caller's region.</summary>
    Other,

    /// <summary>Made by somebody else, in another region.</summary>
    Outside,
}

/// <summary>A caller of the matrix.</summary>
/// <param name="Role">Column of the table.</param>
/// <param name="IsWhole">Whether the scope is all.</param>
public sealed record MatrixCaller(string Role, bool IsWhole, string Name, ApiClient Client, Guid UserId);

/// <summary>Two regions, one caller for each role and scope, and fresh objects for every try.</summary>
public sealed class MatrixScene
{
    private readonly ServerFixture server;
    private readonly MatrixWork work;
    private readonly Dictionary<string, Task<string>> lasting = [];
    private int made;

    private MatrixScene(ServerFixture server) => (this.server, work) = (server, new MatrixWork(server, this));

    public ApiClient Admin { get; private set; } = null!;

    public Guid Inside { get; private set; }

    public Guid Beyond { get; private set; }

    public IReadOnlyList<MatrixCaller> Callers { get; private set; } = [];

    public static async Task<MatrixScene> OfAsync(ServerFixture server)
    {
        var scene = new MatrixScene(server);
        scene.Admin = await server.SignInAsync("admin");
        scene.Inside = Guid.Parse(await scene.RegionAsync());
        scene.Beyond = Guid.Parse(await scene.RegionAsync());
        var adminId = Guid.Parse((string)(await scene.Admin.GetAsync("/api/v1/auth/me")).Data["id"]!);
        scene.Callers =
        [
            new("admin", true, "admin", scene.Admin, adminId),
            await scene.CallerAsync("manager", "manager", null),
            await scene.CallerAsync("manager", "manager", "all"),
            await scene.CallerAsync("agent", "agent", null),
            await scene.CallerAsync("viewer", "viewer", null),
            await scene.CallerAsync("viewer", "viewer", "all"),
        ];
        foreach (var caller in scene.Callers.Where(caller => caller.Role != "viewer"))
        {
            await MadeAsync(scene.Admin, "/api/v1/agents", new { user_id = caller.UserId, region_id = scene.Inside, max_load = 10_000 });
        }

        return scene;
    }

    /// <summary>A second sign-in of the caller, for routes that end the session.</summary>
    public async Task<ApiClient> SignInAgainAsync(MatrixCaller caller) =>
        caller.Role == "admin" ? await server.SignInAsync("admin") : await server.SignInWithAsync(caller.Name);

    /// <summary>The path of an operation on a fresh object.</summary>
    public async Task<string> PathAsync(Operation operation, MatrixCaller caller, Owner owner)
    {
        var path = operation.Id == "ListBillingRows" ? operation.Path + "?from=2026-01-01&to=2026-02-01" : operation.Path;
        if (path.Contains("{register_id}", StringComparison.Ordinal))
        {
            var meter = await MeterAsync(caller, owner);
            var register = (string)(await Admin.GetAsync($"/api/v1/meters/{meter}/registers")).Data["items"]![0]!["id"]!;
            return path.Replace("{id}", meter, StringComparison.Ordinal).Replace("{register_id}", register, StringComparison.Ordinal);
        }

        if (path.Contains("{exchange_id}", StringComparison.Ordinal))
        {
            var meter = await MeterAsync(caller, owner);
            var exchange = await MadeAsync(Admin, $"/api/v1/meters/{meter}/exchange", new { serial_number = Unique("M"), removal_readings = new[] { new { ordinal = 1, value = 12 } }, install_readings = new[] { new { ordinal = 1, value = 0 } }, reason = "Matrix" });
            return path.Replace("{id}", meter, StringComparison.Ordinal).Replace("{exchange_id}", (string)exchange["id"]!, StringComparison.Ordinal);
        }

        if (path.Contains("{job_id}", StringComparison.Ordinal))
        {
            var cycle = await work.CycleAsync(caller, owner);
            var closing = await MadeAsync(owner == Owner.Own && caller.Role == "manager" ? caller.Client : Admin, $"/api/v1/read-cycles/{cycle}/close", new { missed = "leave" }, HttpStatusCode.Accepted);
            return path.Replace("{id}", cycle, StringComparison.Ordinal).Replace("{job_id}", (string)closing["id"]!, StringComparison.Ordinal);
        }

        return operation.PathParameters.SingleOrDefault() is { } parameter
            ? path.Replace($"{{{parameter.Name}}}", await ObjectAsync(path, caller, owner), StringComparison.Ordinal)
            : path;
    }

    /// <summary>The id of a fresh object of the kind a path, or the list above it, is about.</summary>
    public async Task<string> ObjectAsync(string path, MatrixCaller caller, Owner owner) => path switch
    {
        _ when path.StartsWith("/api/v1/meters/import/", StringComparison.Ordinal) => await ImportAsync("meters", caller, owner),
        _ when path.StartsWith("/api/v1/readings/import/", StringComparison.Ordinal) => await ImportAsync("readings", caller, owner),
        _ when path.StartsWith("/api/v1/photos", StringComparison.Ordinal) => await PhotoAsync(caller, owner),
        _ when path.StartsWith("/api/v1/files", StringComparison.Ordinal) => await FileAsync(caller, owner),
        _ when path.StartsWith("/api/v1/meters", StringComparison.Ordinal) || path.StartsWith("/api/v1/readings/meter/", StringComparison.Ordinal) => await MeterAsync(caller, owner),
        _ when path.StartsWith("/api/v1/readings", StringComparison.Ordinal) => await ReadingAsync(caller, owner),
        _ when path.StartsWith("/api/v1/re-reads", StringComparison.Ordinal) => (string)(await MadeAsync(Admin, $"/api/v1/readings/{await ReadingAsync(caller, owner)}/re-read", new { reason = "doubtful" }))["id"]!,
        _ when path.StartsWith("/api/v1/agents", StringComparison.Ordinal) || path.StartsWith("/api/v1/assignments/agent", StringComparison.Ordinal) => await work.AgentAsync(caller, owner),
        _ when path.StartsWith("/api/v1/assignments", StringComparison.Ordinal) => await work.AssignmentAsync(caller, owner),
        _ when path.StartsWith("/api/v1/routes", StringComparison.Ordinal) => await work.RouteAsync(caller, owner),
        _ when path.StartsWith("/api/v1/read-cycles", StringComparison.Ordinal) => await work.CycleAsync(caller, owner),
        _ when path.StartsWith("/api/v1/skips", StringComparison.Ordinal) => await work.SkipAsync(caller, owner),
        _ when path.StartsWith("/api/v1/follow-ups", StringComparison.Ordinal) => await work.FollowUpAsync(caller, owner),
        _ when path.StartsWith("/api/v1/approvals", StringComparison.Ordinal) => await work.ApprovalAsync(caller, owner, isDecided: path.EndsWith("/approve", StringComparison.Ordinal) || path.EndsWith("/reject", StringComparison.Ordinal) || path.EndsWith("/review", StringComparison.Ordinal)),
        _ when path.StartsWith("/api/v1/field-devices", StringComparison.Ordinal) => await work.PhoneAsync(caller, owner),
        _ when path.StartsWith("/api/v1/sync/conflicts", StringComparison.Ordinal) => await work.SyncFaultAsync(caller, owner, "conflicts"),
        _ when path.StartsWith("/api/v1/sync/quarantine", StringComparison.Ordinal) => await work.SyncFaultAsync(caller, owner, "quarantine"),
        _ when path.StartsWith("/api/v1/sync/import", StringComparison.Ordinal) => (string)(await (owner == Owner.Own && caller.Role is not ("agent" or "viewer") ? caller.Client : Admin).PostAsync("/api/v1/sync/import", PhoneExport(caller))).Data["id"]!,
        _ when path.StartsWith("/api/v1/regions", StringComparison.Ordinal) => await RegionOfAsync(caller, owner),
        _ when path.StartsWith("/api/v1/users", StringComparison.Ordinal) => owner == Owner.Own ? caller.UserId.ToString() : (string)(await Admin.MakeUserAsync(Unique("user")))["id"]!,
        _ when path.StartsWith("/api/v1/roles", StringComparison.Ordinal) => (string)(await MadeAsync(Admin, "/api/v1/roles", new { name = Unique("role"), permissions = new[] { "meters:read" } }))["id"]!,
        _ when path.StartsWith("/api/v1/auth/sessions", StringComparison.Ordinal) => await SessionAsync(caller, owner),
        _ when path.StartsWith("/api/v1/api-keys", StringComparison.Ordinal) => (string)(await MadeAsync(owner == Owner.Own ? caller.Client : await StrangerAsync(), "/api/v1/api-keys", new { name = "key", permissions = new[] { "meters:read" } }))["api_key"]!["id"]!,
        _ when path.StartsWith("/api/v1/export", StringComparison.Ordinal) => await ExportAsync(caller, owner),
        _ when path.StartsWith("/api/v1/billing-runs/jobs/", StringComparison.Ordinal) => await LastingAsync("billing job", async () => (string)(await BillingJobAsync())["id"]!),
        _ when path.StartsWith("/api/v1/billing-runs", StringComparison.Ordinal) => await LastingAsync("billing run", async () => (string)(await BillingJobAsync())["result"]!["billing_run_id"]!),
        _ when path.StartsWith("/api/v1/uploads", StringComparison.Ordinal) => await work.UploadAsync(caller, owner),
        _ when path.StartsWith("/api/v1/audit-logs/verify/", StringComparison.Ordinal) => (string)(await MadeAsync(Admin, "/api/v1/audit-logs/verify", new { }))["id"]!,
        _ => throw new InvalidOperationException($"The matrix does not know how to make what {path} is about. Teach it."),
    };

    private static MultipartFormDataContent PhoneExport(MatrixCaller caller) => new()
    {
        { new StringContent($$"""{"format":"metersync.field-export","version":1,"user_id":"{{caller.UserId}}","device_id":"matrix"}"""), "file", "phone.ndjson" },
    };

    /// <summary>The body to send: the document's example, with the object it is about.</summary>
    public async Task<object?> BodyAsync(Operation operation, MatrixCaller caller, Owner owner)
    {
        if (operation.Form)
        {
            if (operation.Id == "ImportFieldExport")
            {
                return PhoneExport(caller);
            }

            if (operation.Id == "UploadPhoto")
            {
                return new MultipartFormDataContent { { new ByteArrayContent(TestPictures.Jpeg(++made)), "file", "meter.jpg" } };
            }

            return new MultipartFormDataContent { { new StringContent("serial_number,type\n"), "file", "empty.csv" } };
        }

        if (operation.Id == "AppendUpload")
        {
            var nothing = new ByteArrayContent([]);
            nothing.Headers.Add("Content-Type", "application/offset+octet-stream");
            nothing.Headers.Add("Upload-Offset", "0");
            return nothing;
        }

        var body = operation.Example?.DeepClone().AsObject();
        switch (operation.Id)
        {
            case "CreateReading":
                body!["meter_id"] = await MeterAsync(caller, owner);
                body.Remove("client_id");
                break;
            case "CreateSkip":
                body!["meter_id"] = await MeterAsync(caller, owner);
                body.Remove("serial_number");
                body.Remove("client_id");
                break;
            case "CreateApproval":
                body!["meter_id"] = await MeterAsync(caller, owner);
                break;
            case "CreateReRead":
                body!["reading_id"] = await ReadingAsync(caller, owner);
                body.Remove("meter_id");
                body.Remove("agent_id");
                break;
            case "CreateAssignment" or "AssignMeters":
                body!["agent_id"] = await work.AgentAsync(caller, Owner.Other);
                body[operation.Id == "AssignMeters" ? "meter_ids" : "meter_id"] = operation.Id == "AssignMeters" ? new JsonArray(await MeterAsync(caller, owner == Owner.Own ? Owner.Other : owner)) : await MeterAsync(caller, owner == Owner.Own ? Owner.Other : owner);
                break;
            case "CompletePhoto":
                body!["photo_id"] = await PhotoAsync(caller, owner);
                body.Remove("sha256");
                break;
            case "CreatePhotoUpload":
                body!.Remove("reading_client_id");
                break;
            case "CreateAgent":
                body!["user_id"] = (string)(await Admin.MakeUserAsync(Unique("user")))["id"]!;
                body["region_id"] = (owner == Owner.Outside ? Beyond : Inside).ToString();
                break;
            case "UpdateAgent" or "UpdateRoute" or "CreateRoute" or "CreateReadCycle":
                body!["region_id"] = (owner == Owner.Outside && operation.Id.StartsWith("Create", StringComparison.Ordinal) ? Beyond : Inside).ToString();
                if (operation.Id.EndsWith("Route", StringComparison.Ordinal))
                {
                    body["name"] = Unique("Route");
                }

                break;
            case "ExchangeMeter":
                body!["serial_number"] = Unique("M");
                body.Remove("client_id");
                body.Remove("exchanged_at");
                break;
            case "CreateMeter":
                body!["serial_number"] = Unique("M");
                body["region_id"] = (owner == Owner.Outside ? Beyond : Inside).ToString();
                break;
            case "UpdateMeter":
                body!["serial_number"] = Unique("M");
                body["region_id"] = Inside.ToString();
                break;
            case "CreateApiKey":
                body!["permissions"] = new JsonArray("meters:read");
                break;
            case "ChangePassword" or "ChangeUserPassword":
                // Let in, and then refused for the password: nobody of the matrix is locked out.
                body!["current_password"] = "not-the-password-at-all";
                break;
            default:
                break;
        }

        return body;
    }

    /// <summary>An agent's own is one that is assigned to the agent.</summary>
    internal async Task<string> MeterAsync(MatrixCaller caller, Owner owner, string? location = null)
    {
        var maker = owner == Owner.Own && caller.Role == "manager" ? caller.Client : Admin;
        var meter = (string)(await MadeAsync(maker, "/api/v1/meters", new { serial_number = Unique("M"), type = "water", region_id = owner == Owner.Outside ? Beyond : Inside, latitude = 51.5, longitude = -0.1, location_id = location }))["id"]!;
        if (owner == Owner.Own && caller.Role == "agent" && location is null)
        {
            await MadeAsync(Admin, "/api/v1/assignments", new { meter_id = meter, agent_id = caller.UserId });
        }

        return meter;
    }

    private async Task<string> ReadingAsync(MatrixCaller caller, Owner owner)
    {
        var maker = owner == Owner.Own && (caller.Role is "manager" or "agent") ? caller.Client : Admin;
        return (string)(await MadeAsync(maker, "/api/v1/readings", new { meter_id = await MeterAsync(caller, owner), reading_value = 12.5 }))["id"]!;
    }

    /// <summary>Of a reading of the caller's where the caller makes readings.</summary>
    private async Task<string> PhotoAsync(MatrixCaller caller, Owner owner)
    {
        var maker = owner == Owner.Own && (caller.Role is "manager" or "agent") ? caller.Client : Admin;
        return (string)(await PhotoScene.SendAsync(maker, TestPictures.Jpeg(++made), new { reading_id = await ReadingAsync(caller, owner) }))["id"]!;
    }

    private async Task<string> FileAsync(MatrixCaller caller, Owner owner)
    {
        var maker = owner == Owner.Own && (caller.Role is "manager" or "agent") ? caller.Client : Admin;
        using var form = new MultipartFormDataContent { { new ByteArrayContent(TestPictures.Jpeg(++made)), "file", "meter.jpg" } };
        var answer = await maker.PostAsync("/api/v1/files/upload/photo", form);
        return (string)answer.Data["filename"]!;
    }

    private async Task<string> RegionAsync() => (string)(await MadeAsync(Admin, "/api/v1/regions", new { name = Unique("Region") }))["id"]!;

    /// <summary>A region of its own where nobody's scope names it, so that it can be deleted.</summary>
    private async Task<string> RegionOfAsync(MatrixCaller caller, Owner owner) => owner == Owner.Outside || caller.Role == "admin" ? await RegionAsync() : Inside.ToString();

    private async Task<string> SessionAsync(MatrixCaller caller, Owner owner)
    {
        var client = owner == Owner.Own ? await SignInAgainAsync(caller) : await StrangerAsync();
        return (string)(await client.GetAsync("/api/v1/auth/sessions")).Data["items"]!.AsArray().Single(session => (bool)session!["is_current"]!)!["id"]!;
    }

    private async Task<string> ImportAsync(string kind, MatrixCaller caller, Owner owner)
    {
        var client = owner == Owner.Own && caller.Role == "manager" ? caller.Client : Admin;
        var serial = kind == "meters" ? Unique("M") : (string)(await Admin.GetAsync($"/api/v1/meters/{await MeterAsync(caller, Owner.Other)}")).Data["serial_number"]!;
        var table = kind == "meters" ? $"serial_number,type,region\n{serial},water,{(owner == Owner.Outside ? Beyond : Inside)}\n" : $"serial_number,timestamp,value\n{serial},2026-01-05T10:00:00Z,5\n";
        return (string)(await client.RunFileJobAsync($"/api/v1/{kind}/import", "t.csv", Encoding.UTF8.GetBytes(table)))["id"]!;
    }

    private async Task<string> ExportAsync(MatrixCaller caller, Owner owner)
    {
        var client = owner == Owner.Own && caller.Role != "agent" ? caller.Client : Admin;
        var id = (string)(await MadeAsync(client, "/api/v1/export/csv", new { type = "meters" }, HttpStatusCode.Accepted))["id"]!;
        await client.WaitForJobAsync($"/api/v1/export/status/{id}");
        return id;
    }

    private async Task<JsonNode> BillingJobAsync()
    {
        var job = await MadeAsync(Admin, "/api/v1/billing-runs", new { period_from = "2026-01-01", period_to = "2026-02-01", allow_overlap = true }, HttpStatusCode.Accepted);
        return await Admin.WaitForJobAsync($"/api/v1/billing-runs/jobs/{job["id"]}");
    }

    private Task<string> LastingAsync(string name, Func<Task<string>> make) => lasting.TryGetValue(name, out var known) ? known : lasting[name] = make();

    private async Task<ApiClient> StrangerAsync()
    {
        var name = Unique("stranger");
        await Admin.MakeUserAsync(name);
        return await server.SignInWithAsync(name);
    }

    private async Task<MatrixCaller> CallerAsync(string role, string name, string? scope)
    {
        var user = await Admin.MakeUserAsync(Unique(name), role, scope is null && role != "agent" ? new[] { Inside } : scope);
        return new MatrixCaller(role, scope is not null || role == "agent", (string)user["username"]!, await server.SignInWithAsync((string)user["username"]!), Guid.Parse((string)user["id"]!));
    }

    internal static async Task<JsonNode> MadeAsync(ApiClient client, string path, object? body, HttpStatusCode? wanted = null)
    {
        var made = await client.PostAsync(path, body);
        Assert.True(wanted is null ? (int)made.Status < 300 : made.Status == wanted, $"POST {path}: {made.Body.ToJsonString()}");
        return made.Data;
    }

    internal string Unique(string name) => $"{name}-{++made}".ToLowerInvariant();
}
