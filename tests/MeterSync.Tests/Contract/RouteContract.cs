using System.Net;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Contract;

/// <summary>Paths, methods and query parameters that are wrong are refused in words, and change nothing.</summary>
public abstract class RouteContract(ServerFixture server)
{
    private static readonly HttpMethod[] Methods = [HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete];

    [Fact]
    public async Task Answers_404_for_an_id_nothing_has()
    {
        var desk = await Desk.OfAsync(server);
        await desk.CheckAsync(desk.Operations.Where(operation => operation.PathParameters.Any() && !operation.Form), Check);

        async IAsyncEnumerable<string?> Check(Operation operation)
        {
            using var answer = await desk.SendAsAdminAsync(operation, operation.UnknownPath, operation.Example is null ? null : Desk.Json(operation.Example));
            // Where an address with a seal stands for a sign-in, nobody learns what there is without one.
            yield return await Refusals.FaultOfAsync(answer, operation.SignedIn ? HttpStatusCode.NotFound : HttpStatusCode.Unauthorized);
        }
    }

    [Theory]
    [InlineData("not-an-id")]
    [InlineData("0")]
    [InlineData("'%20or%201=1--")]
    [InlineData("%F0%9F%98%80")]
    [InlineData("..%2F..%2Fetc")]
    [InlineData("01890000-0000-7000-8000-00000000000g")]
    public async Task Answers_404_or_400_for_a_malformed_id(string id)
    {
        var desk = await Desk.OfAsync(server);
        await desk.CheckAsync(desk.Operations.Where(operation => operation.PathParameters.Any() && !operation.Form), Check);

        async IAsyncEnumerable<string?> Check(Operation operation)
        {
            using var answer = await desk.SendAsAdminAsync(operation, operation.PathWith(_ => id), operation.Example is null ? null : Desk.Json(operation.Example));
            yield return await Refusals.FaultOfAsync(answer, HttpStatusCode.NotFound, HttpStatusCode.BadRequest, HttpStatusCode.MethodNotAllowed);
        }
    }

    [Fact]
    public async Task Answers_405_to_a_method_the_path_does_not_take_and_says_which_it_does()
    {
        var desk = await Desk.OfAsync(server);
        await desk.CheckAsync(desk.Operations.DistinctBy(operation => operation.Path), Check);

        async IAsyncEnumerable<string?> Check(Operation operation)
        {
            var taken = desk.Operations.Where(other => other.Path == operation.Path).Select(other => other.Method).ToList();
            foreach (var method in Methods.Except(taken))
            {
                using var answer = await desk.SendAsync(method, operation.UnknownPath, await desk.TokenOfAsync("admin"), null);
                yield return await Refusals.FaultOfAsync(answer, HttpStatusCode.MethodNotAllowed)
                    ?? (taken.All(known => answer.Content.Headers.Allow.Contains(known.Method)) ? null : $"{method}: Allow is {string.Join(",", answer.Content.Headers.Allow)}");
            }
        }
    }

    [Fact]
    public async Task Answers_404_to_paths_that_do_not_exist()
    {
        var desk = await Desk.OfAsync(server);
        foreach (var path in new[] { "/api/v1/no-such-thing", "/api/v2/users", "/api", "/etc/passwd", "/api/v1/users/../../health/nothing", "/.env" })
        {
            using var answer = await desk.SendAsync(HttpMethod.Get, path, await desk.TokenOfAsync("admin"), null);
            Assert.Null(await Refusals.FaultOfAsync(answer, HttpStatusCode.NotFound));
        }
    }

    [Fact]
    public async Task Refuses_a_query_parameter_of_the_wrong_type_and_names_it()
    {
        var desk = await Desk.OfAsync(server);
        await desk.CheckAsync(desk.Operations.Where(operation => operation.QueryParameters.Any()), Check);

        async IAsyncEnumerable<string?> Check(Operation operation)
        {
            foreach (var parameter in operation.QueryParameters)
            {
                foreach (var wrong in WrongFor(parameter).Where(wrong => wrong != "101" || operation.Id is not ("FetchChanges" or "GetSyncReceipts")))
                {
                    using var answer = await desk.SendAsAdminAsync(operation, $"{operation.UnknownPath}?{parameter.Name}={wrong}", operation.Example is null ? null : Desk.Json(operation.Example));
                    var fault = await Refusals.FaultOfAsync(answer, HttpStatusCode.BadRequest);
                    var text = await answer.Content.ReadAsStringAsync();
                    yield return fault is not null ? $"{parameter.Name}={wrong}: {fault}" : text.Contains($"\"{parameter.Name}\":[", StringComparison.Ordinal) ? null : $"{parameter.Name}={wrong}: details do not name it: {text}";
                }
            }
        }
    }

    [Fact]
    public async Task Survives_any_text_in_a_query_parameter()
    {
        var desk = await Desk.OfAsync(server);
        await desk.CheckAsync(desk.Operations.Where(operation => operation.Method == HttpMethod.Get && operation.QueryParameters.Any()), Check);

        async IAsyncEnumerable<string?> Check(Operation operation)
        {
            foreach (var parameter in operation.QueryParameters)
            {
                foreach (var odd in new[] { "", "%00", "a%00b", "%25", "%27%3B%20drop%20table%20meters%3B--", "%ED%A0%80", "%FF", "%F0%9F%92%A7", "_%25%5C", "1e400", "-9223372036854775809", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", new string('x', 5000) })
                {
                    using var answer = await desk.SendAsAdminAsync(operation, $"{operation.UnknownPath}?{parameter.Name}={odd}", null);
                    yield return await Refusals.FaultOfAnyAsync(answer) is { } fault ? $"{parameter.Name}={odd[..Math.Min(30, odd.Length)]}: {fault}" : null;
                }
            }
        }
    }

    [Fact]
    public async Task A_trailing_slash_is_the_same_route()
    {
        var desk = await Desk.OfAsync(server);
        await desk.CheckAsync(desk.Operations.Where(operation => operation.Method == HttpMethod.Get), Check);

        async IAsyncEnumerable<string?> Check(Operation operation)
        {
            var path = operation.UnknownPath;
            using var plain = await desk.SendAsAdminAsync(operation, path, null);
            using var slashed = await desk.SendAsAdminAsync(operation, path + "/", null);
            yield return plain.StatusCode == slashed.StatusCode && slashed.StatusCode != HttpStatusCode.MethodNotAllowed ? null : $"{(int)plain.StatusCode} without and {(int)slashed.StatusCode} with a slash";
        }
    }

    [Fact]
    public async Task HEAD_answers_as_GET_without_a_body()
    {
        var desk = await Desk.OfAsync(server);
        await desk.CheckAsync(desk.Operations.Where(operation => operation.Method == HttpMethod.Get), Check);

        async IAsyncEnumerable<string?> Check(Operation operation)
        {
            var path = operation.UnknownPath;
            using var get = await desk.SendAsAdminAsync(operation, path, null);
            using var head = await desk.SendAsync(HttpMethod.Head, path, operation.SignedIn ? await desk.TokenOfAsync("admin") : null, null);
            var body = await head.Content.ReadAsByteArrayAsync();
            yield return get.StatusCode == head.StatusCode && body.Length == 0 ? null : $"{(int)get.StatusCode} to GET, {(int)head.StatusCode} with {body.Length} bytes to HEAD";
        }
    }

    private static string[] WrongFor(Parameter parameter) => parameter switch
    {
        { Name: "limit" } => ["0", "101", "-1", "abc", "1.5", "99999999999999999999"],
        { Name: "page" } => ["0", "-1", "abc", "1000001", "99999999999999999999"],
        { Name: "cursor" } => ["bad", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D", "_________________________________", "%2B%2B"],
        { Enumerated: true } => ["no-such-word", "1"],
        { Format: "uuid" } => ["abc", "1"],
        { Format: "date-time" } => ["yesterday", "2026-02-30T00:00:00Z", "12"],
        { Format: "date" } => ["yesterday", "2026-02-30"],
        { Type: "integer" } => ["abc", "1.5", "99999999999999999999"],
        { Type: "number" } => ["abc", "1,5", "NaN", "1e400"],
        { Type: "boolean" } => ["maybe", "2"],
        _ => [],
    };
}

[Collection(ContractOnSqlite.Name)]
public sealed class RouteContractOnSqliteTests(ListeningOnSqlite server) : RouteContract(server);

[Collection(ContractOnPostgres.Name)]
public sealed class RouteContractOnPostgresTests(ListeningOnPostgres server) : RouteContract(server);
