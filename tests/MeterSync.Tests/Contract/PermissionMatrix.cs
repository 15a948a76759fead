using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Contract;

/// <summary>Every operation of the API document, as every role, on own, others' and out-of-scope objects, against the table of docs/permissions.md.</summary>
public abstract class PermissionMatrix(ServerFixture server)
{
    /// <summary>Lists, and how to find an object of theirs in them.</summary>
    private static readonly Dictionary<string, string> Lists = new()
    {
        ["ListUsers"] = "?limit=100&search=",
        ["ListRegions"] = "?limit=100",
        ["ListMeters"] = "?limit=100&sort=-created_at",
        ["FindNearbyMeters"] = "?lat=51.5&lng=-0.1&radius=1000&limit=100",
        ["ListReadings"] = "?limit=100",
        ["ListReReads"] = "?limit=100",
        ["ListUnassignedMeters"] = "?limit=100",
        ["ListExports"] = "?limit=100",
        ["ListSessions"] = "?limit=100",
        ["ListApiKeys"] = "?limit=100",
        ["ListSyncConflicts"] = "?limit=100",
        ["ListSyncQuarantine"] = "?limit=100",
        ["ListRoles"] = "?limit=100",
        ["ListBillingRuns"] = "?limit=100",
        ["ListAgents"] = "?limit=100",
        ["ListAssignments"] = "?limit=100",
        ["ListRoutes"] = "?limit=100",
        ["ListReadCycles"] = "?limit=100",
        ["ListSkips"] = "?limit=100",
        ["ListFollowUps"] = "?limit=100",
        ["ListApprovals"] = "?limit=100",
        ["ListPendingApprovals"] = "?limit=100",
        ["ListFieldDevices"] = "?limit=100",
    };

    /// <summary>What carries no id to look for; that rows of others are missing is tested with its module.</summary>
    private static readonly HashSet<string> WithoutIds =
    [
        "ListBillingRows", "ListVisits", "ListAvailableAgents", "GetAgentPerformance", "GetCycleProgressReport", "GetDashboard", "GetHighLow", "GetMeterStatus", "GetMissed", "GetOutOfRoute", "GetReadingsSummary", "GetSkips", "GetTimePerReading",
    ];

    /// <summary>What is made in a region: another region is refused one way or another.</summary>
    private static readonly HashSet<string> MadeInRegions = ["CreateMeter", "CreateAgent", "CreateRoute", "CreateReadCycle"];

    [Fact]
    public async Task Every_operation_stands_in_the_table_and_the_table_knows_no_other()
    {
        var operations = await OperationsAsync();
        var table = PermissionTable.Read();
        Assert.Equal(operations.Select(operation => operation.Id).Order(StringComparer.Ordinal), table.Operations.Order(StringComparer.Ordinal));
        Assert.All(table.Operations, operation => Assert.All(new[] { "admin", "manager", "agent", "viewer", "nobody" }, role => Assert.Contains(table.Cell(operation, role), PermissionTable.Words)));
    }

    [Fact]
    public async Task Nobody_gets_in_where_the_table_says_no()
    {
        var operations = await OperationsAsync();
        var table = PermissionTable.Read();
        var faults = new List<string>();
        using var http = server.Anonymous();
        var nobody = new ApiClient(http);
        foreach (var operation in operations)
        {
            var answer = await nobody.SendAsync(operation.Method, operation.UnknownPath, operation.Example);
            var isIn = answer.Status != HttpStatusCode.Unauthorized || answer.Code != "auth.required";
            if (isIn != (table.Cell(operation.Id, "nobody") == "yes"))
            {
                faults.Add($"{operation}: {(int)answer.Status} {answer.Code}");
            }
        }

        Assert.Equal([], faults);
    }

    [Fact]
    public async Task Every_role_gets_what_the_table_says_and_no_more()
    {
        var operations = await OperationsAsync();
        var table = PermissionTable.Read();
        var scene = await MatrixScene.OfAsync(server);
        var faults = new List<string>();
        var tries = 0;
        foreach (var operation in operations.Where(operation => operation.SignedIn))
        {
            foreach (var caller in scene.Callers)
            {
                var cell = table.Cell(operation.Id, caller.Role);
                foreach (var owner in Enum.GetValues<Owner>())
                {
                    tries++;
                    if (await FaultOfAsync(scene, operation, caller, cell, owner) is { } fault)
                    {
                        faults.Add($"{operation} as {caller.Role}{(caller.IsWhole ? "" : " of one region")}, cell '{cell}', {owner}: {fault}");
                    }
                }
            }
        }

        Assert.True(tries > 1000, $"Only {tries} tries.");
        Assert.True(faults.Count == 0, $"{faults.Count} of {tries}:\n{string.Join('\n', faults.Take(80))}");
    }

    private async Task<IReadOnlyList<Operation>> OperationsAsync()
    {
        using var http = server.Anonymous();
        return ApiDescription.Read(JsonNode.Parse(await http.GetStringAsync("/openapi/v1.json"))!);
    }

    private static async Task<string?> FaultOfAsync(MatrixScene scene, Operation operation, MatrixCaller caller, string cell, Owner owner)
    {
        var client = operation.Id is "Logout" or "LogoutAll" ? await scene.SignInAgainAsync(caller) : caller.Client;
        var reaches = WithoutIds.Contains(operation.Id) && cell is "scope" or "own" ? Reach.In : Reaches(cell, caller, owner);
        if (Lists.TryGetValue(operation.Id, out var query) && cell is not ("no" or "whole"))
        {
            var wanted = await scene.ObjectAsync(operation.Path, caller, owner);
            // An agent's own meter is one that is assigned, which this list leaves out.
            reaches = operation.Id == "ListUnassignedMeters" && cell == "own" ? Reach.Absent : reaches;
            var path = operation.Path + query + (operation.Id == "ListUsers" ? owner == Owner.Own ? caller.Name : "user-" : "");
            for (var page = 1; ; page++)
            {
                var list = await client.GetAsync(page == 1 ? path : $"{path}&page={page}");
                var isIn = list.Status == HttpStatusCode.OK && list.Data["items"]!.AsArray().Any(item => (string?)item!["id"] == wanted);
                if (list.Status != HttpStatusCode.OK || isIn || list.Data["has_next"] is not JsonValue next || !(bool)next)
                {
                    return list.Status != HttpStatusCode.OK ? $"got {(int)list.Status}" : isIn == (reaches == Reach.In) ? null : isIn ? "in the list" : "not in the list";
                }
            }
        }

        var answer = await client.SendAsync(operation.Method, await scene.PathAsync(operation, caller, owner), await scene.BodyAsync(operation, caller, owner), headers => headers.Add("Tus-Resumable", "1.0.0"));
        if (operation.Id is "Logout" or "LogoutAll")
        {
            // Signing out everywhere takes the caller along.
            caller.Client.Http.DefaultRequestHeaders.Authorization = (await scene.SignInAgainAsync(caller)).Http.DefaultRequestHeaders.Authorization;
        }

        var seen = answer.Status switch
        {
            HttpStatusCode.Unauthorized => "nobody",
            HttpStatusCode.Forbidden => nameof(Reach.Refused),
            HttpStatusCode.NotFound => nameof(Reach.Absent),
            _ when (int)answer.Status >= 500 => "a failure",
            _ => nameof(Reach.In),
        };

        var isMade = MadeInRegions.Contains(operation.Id) && reaches == Reach.Absent && answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden;
        return isMade || seen == reaches.ToString() ? null : $"wanted {reaches}, got {(int)answer.Status} {answer.Code}";
    }

    private static Reach Reaches(string cell, MatrixCaller caller, Owner owner) => cell switch
    {
        "no" => Reach.Refused,
        "yes" or "all" => Reach.In,
        "scope" => caller.IsWhole || owner != Owner.Outside ? Reach.In : Reach.Absent,
        "own" => owner == Owner.Own ? Reach.In : Reach.Absent,
        "self" => owner == Owner.Own ? Reach.In : Reach.Refused,
        "started" => caller.IsWhole || owner == Owner.Own ? Reach.In : Reach.Absent,
        "whole" => caller.IsWhole ? Reach.In : Reach.Refused,
        _ => throw new InvalidOperationException($"The cell '{cell}' means nothing."),
    };

    private enum Reach
    {
        In,
        Refused,
        Absent,
    }
}

public sealed class PermissionMatrixOnSqliteTests(SqliteServer server) : PermissionMatrix(server), IClassFixture<SqliteServer>;

public sealed class PermissionMatrixOnPostgresTests(PostgresServer server) : PermissionMatrix(server), IClassFixture<PostgresServer>;
