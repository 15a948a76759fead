using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Store;
using MeterSync.Store.Jobs;
using MeterSync.Tests.Support;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Contract;

/// <summary>Calls every operation of one server, in whoever's name.</summary>
public sealed class Desk
{
    public const long OrdinaryLimitBytes = 1024 * 1024;
    private static readonly ConditionalWeakTable<ServerFixture, Desk> Known = [];
    private readonly ServerFixture server;
    private readonly Dictionary<string, string> tokens = [];

    private Desk(ServerFixture server)
    {
        this.server = server;
        Http = Listening.ClientOf(server);
        Http.DefaultRequestHeaders.Add("Tus-Resumable", "1.0.0"); // the uploads answer nobody who does not speak it
    }

    public HttpClient Http { get; }

    public JsonNode Document { get; private set; } = new JsonObject();

    public IReadOnlyList<Operation> Operations { get; private set; } = [];

    public IEnumerable<Operation> WithBody => Operations.Where(operation => operation.Body is not null);

    public static async Task<Desk> OfAsync(ServerFixture server)
    {
        if (!Known.TryGetValue(server, out var desk))
        {
            desk = new Desk(server);
            desk.Document = JsonNode.Parse(await desk.Http.GetStringAsync("/openapi/v1.json"))!;
            desk.Operations = ApiDescription.Read(desk.Document);
            Assert.True(desk.Operations.Count >= 10, "The document lists too few operations.");
            Known.Add(server, desk);
        }

        return desk;
    }

    /// <summary>Runs a check on operations, and demands that it finds no fault, looked at something, and that the database holds what it held before.</summary>
    public async Task CheckAsync(IEnumerable<Operation> operations, Func<Operation, IAsyncEnumerable<string?>> check)
    {
        await TokenOfAsync("admin");
        await WaitForJobsAsync();
        var before = await StoreSnapshot.TakeAsync(server);
        var faults = new List<string>();
        var looked = 0;
        foreach (var operation in operations)
        {
            await foreach (var fault in check(operation))
            {
                looked++;
                if (fault is not null)
                {
                    faults.Add($"{operation}: {fault}");
                }
            }
        }

        faults.AddRange((await StoreSnapshot.TakeAsync(server)).ChangesSince(before).Select(change => $"The database changed. {change}"));
        Assert.True(looked > 0, "Nothing was looked at.");
        Assert.True(faults.Count == 0, $"{faults.Count} of {looked}:\n{string.Join('\n', faults.Take(60))}");
    }

    /// <summary>Jobs that examples started must be over before the database is looked at.</summary>
    private async Task WaitForJobsAsync()
    {
        for (var look = 0; look < 600; look++)
        {
            await using var scope = server.Services.CreateAsyncScope();
            if (!await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<Job>().AnyAsync(job => job.Status == JobStatus.Queued || job.Status == JobStatus.Running))
            {
                return;
            }

            await Task.Delay(50);
        }

        Assert.Fail("A job of an example is not over.");
    }

    /// <summary>An access token of a demo account.</summary>
    public async Task<string> TokenOfAsync(string username)
    {
        if (!tokens.TryGetValue(username, out var token))
        {
            using var answer = await Http.PostAsync("/api/v1/auth/login", Json(new JsonObject { ["username"] = username, ["password"] = "admin123" }));
            token = tokens[username] = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["access_token"]!;
        }

        return token;
    }

    public async Task<HttpResponseMessage> SendAsAdminAsync(Operation operation, string path, HttpContent? body) =>
        await SendAsync(operation.Method, path, operation.SignedIn ? await TokenOfAsync("admin") : null, body);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token, HttpContent? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return await Http.SendAsync(request);
    }

    /// <summary>The most bytes a body of the operation may have.</summary>
    public long LimitOf(Operation operation) =>
        server.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Single(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName == operation.Id)
            .Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize ?? OrdinaryLimitBytes;

    public static StringContent Json(JsonNode body) => Raw(body.ToJsonString());

    public static StringContent Raw(string text, string type = "application/json") => new(text, Encoding.UTF8, type);

    /// <summary>The operation's example with one member replaced by a piece of JSON text, which may be no value C# knows.</summary>
    public static string BodyWith(Operation operation, Member member, string json)
    {
        const string mark = "\"@@here@@\"";
        var body = operation.Example?.DeepClone().AsObject() ?? [];
        JsonNode at = body;
        for (var index = 0; index < member.Steps.Count - 1; index++)
        {
            at = Into(at, member.Steps[index], member.Steps[index + 1] is int);
        }

        at[(string)member.Steps[^1]] = "@@here@@";
        return body.ToJsonString().Replace(mark, json, StringComparison.Ordinal);
    }

    private static JsonNode Into(JsonNode at, object step, bool list)
    {
        JsonNode made = list ? new JsonArray() : new JsonObject();
        if (step is int)
        {
            var items = at.AsArray();
            if (items.Count == 0)
            {
                items.Add(made);
            }

            return items[0]!;
        }

        return at[(string)step] ??= made;
    }
}
