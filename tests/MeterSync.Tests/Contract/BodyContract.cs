using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Contract;

/// <summary>Every body that is not what an operation asks for is refused in words, and changes nothing.</summary>
public abstract class BodyContract(ServerFixture server)
{
    private static readonly string Deep = string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 200);

    public static TheoryData<string, string> BrokenBodies => new()
    {
        { "no text at all", "" },
        { "plain words", "meter 12 reads 4711" },
        { "half an object", "{\"a\": 1" },
        { "a list", "[]" },
        { "a list of bodies", "[{}]" },
        { "null", "null" },
        { "a number", "42" },
        { "a word", "\"meter\"" },
        { "nested 200 deep", Deep },
        { "an unknown member 200 deep", $"{{\"unknown_member\": {Deep}}}" },
        { "lists 200 deep", new string('[', 200) + new string(']', 200) },
        { "trailing text", "{} {}" },
        { "a comment", "{} // done" },
        { "single quotes", "{'a': 1}" },
    };

    [Theory]
    [MemberData(nameof(BrokenBodies))]
    public async Task Refuses_a_body_that_is_no_object(string what, string body)
    {
        var desk = await Desk.OfAsync(server);
        await desk.CheckAsync(desk.WithBody.Where(operation => operation.BodyRequired || body is not ("" or "null")), Check);

        async IAsyncEnumerable<string?> Check(Operation operation)
        {
            using var answer = await desk.SendAsAdminAsync(operation, operation.UnknownPath, Desk.Raw(body));
            yield return await Refusals.FaultOfAsync(answer, HttpStatusCode.BadRequest) is { } fault ? $"{what}: {fault}" : null;
        }
    }

    [Fact]
    public async Task Refuses_a_body_in_another_encoding()
    {
        var desk = await Desk.OfAsync(server);
        await desk.CheckAsync(desk.WithBody.Where(operation => ApiDescription.MembersOf(operation.Body!).Any(member => member.Type == "string")), Check);

        async IAsyncEnumerable<string?> Check(Operation operation)
        {
            var text = ApiDescription.MembersOf(operation.Body!).First(member => member.Type == "string");
            var halves = Desk.BodyWith(operation, text, "\"|\"").Split('|');
            foreach (var bytes in new byte[][] { [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00], [.. Encoding.UTF8.GetBytes(halves[0]), 0xC3, 0x28, .. Encoding.UTF8.GetBytes(halves[1])], [0x7B, 0x80, 0x7D] })
            {
                var content = new ByteArrayContent(bytes);
                content.Headers.Add("Content-Type", "application/json");
                using var answer = await desk.SendAsAdminAsync(operation, operation.UnknownPath, content);
                yield return await Refusals.FaultOfAsync(answer, HttpStatusCode.BadRequest);
            }
        }
    }

    [Fact]
    public async Task Refuses_an_object_without_the_required_members_and_names_them()
    {
        var desk = await Desk.OfAsync(server);
        await desk.CheckAsync(desk.WithBody.Where(operation => RequiredOf(operation).Any()), Check);

        async IAsyncEnumerable<string?> Check(Operation operation)
        {
            using var empty = await desk.SendAsAdminAsync(operation, operation.UnknownPath, Desk.Raw("{}"));
            yield return await NamesAsync(empty, [.. RequiredOf(operation)]);
            foreach (var required in RequiredOf(operation))
            {
                var body = operation.Example!.DeepClone().AsObject();
                body[required] = null;
                using var answer = await desk.SendAsAdminAsync(operation, operation.UnknownPath, Desk.Json(body));
                yield return await NamesAsync(answer, required);
            }
        }
    }

    /// <summary>Items of a batch stand alone: a bad one is refused, and the batch is answered.</summary>
    private static bool IsAnsweredForItself(Operation operation, Member member) => operation.Id == "SyncReadings" && member.Path.StartsWith("items[0].", StringComparison.Ordinal);

    /// <summary>What only tells of the phone is cut to what fits, since no item may wait for it.</summary>
    private static bool IsCutToFit(Operation operation, Member member, string value) =>
        operation.Id == "SyncReadings" && value.Length > 1_000 && member.Path is ("device_name" or "app_version" or "last_receipt.chain" or "last_receipt.mac");

    [Fact]
    public async Task Refuses_a_member_of_the_wrong_type_and_names_it()
    {
        var desk = await Desk.OfAsync(server);
        await desk.CheckAsync(desk.WithBody, Check);

        async IAsyncEnumerable<string?> Check(Operation operation)
        {
            foreach (var member in ApiDescription.MembersOf(operation.Body!))
            {
                foreach (var wrong in WrongFor(member))
                {
                    using var answer = await desk.SendAsAdminAsync(operation, operation.UnknownPath, Desk.Raw(Desk.BodyWith(operation, member, wrong)));
                    yield return await (IsAnsweredForItself(operation, member) ? Refusals.FaultOfItemAsync(answer) : NamesAsync(answer, member.Path)) is { } fault ? $"{member.Path} = {wrong}: {fault}" : null;
                }
            }
        }
    }

    [Fact]
    public async Task Refuses_texts_and_numbers_that_no_database_could_keep()
    {
        var desk = await Desk.OfAsync(server);
        await desk.CheckAsync(desk.WithBody, Check);

        async IAsyncEnumerable<string?> Check(Operation operation)
        {
            foreach (var member in ApiDescription.MembersOf(operation.Body!))
            {
                string[] hostile = member.Type switch
                {
                    "string" => ["\"a\\u0000b\"", "\"a\\ud800b\"", "\"\\udc00\"", "\"" + new string('x', 600_000) + "\""],
                    "integer" => ["1e400", "99999999999999999999", "-99999999999999999999", "\"NaN\"", "1e30"],
                    "number" => ["1e400", "-1e400", "99999999999999999999999999999999", "\"NaN\"", "\"Infinity\"", "1e300"],
                    _ => [],
                };
                if (member.Format == "date-time")
                {
                    hostile = [.. hostile, "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"2026-02-30T00:00:00Z\"", "\"2026-03-31T08:15:00\""];
                }

                foreach (var value in hostile)
                {
                    using var answer = await desk.SendAsAdminAsync(operation, operation.UnknownPath, Desk.Raw(Desk.BodyWith(operation, member, value)));
                    if (IsCutToFit(operation, member, value))
                    {
                        yield return answer.StatusCode == HttpStatusCode.OK ? null : $"{member.Path}: wanted 200, got {(int)answer.StatusCode}";
                        continue;
                    }

                    var fault = await (IsAnsweredForItself(operation, member) ? Refusals.FaultOfItemAsync(answer) : Refusals.FaultOfAsync(answer, HttpStatusCode.BadRequest));
                    yield return fault is null ? null : $"{member.Path} = {value[..Math.Min(40, value.Length)]}: {fault}";
                }
            }
        }
    }

    [Fact]
    public async Task Refuses_two_members_of_one_name()
    {
        var desk = await Desk.OfAsync(server);
        await desk.CheckAsync(desk.WithBody.Where(operation => ApiDescription.MembersOf(operation.Body!).Any(member => member.Type == "string")), Check);

        async IAsyncEnumerable<string?> Check(Operation operation)
        {
            var text = operation.Example!.ToJsonString();
            var (name, value) = operation.Example.First();
            var doubled = $"{text[..^1]},\"{name}\":{value?.ToJsonString() ?? "null"}}}";
            using var answer = await desk.SendAsAdminAsync(operation, operation.UnknownPath, Desk.Raw(doubled));
            yield return await Refusals.FaultOfAsync(answer, HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task Refuses_other_content_types()
    {
        var desk = await Desk.OfAsync(server);
        await desk.CheckAsync(desk.Operations.Where(operation => operation.Body is not null || operation.Form), Check);

        async IAsyncEnumerable<string?> Check(Operation operation)
        {
            foreach (var type in new[] { "text/plain", "application/xml", "application/x-www-form-urlencoded", "application/octet-stream", operation.Form ? "application/json" : "multipart/form-data" })
            {
                var content = new ByteArrayContent("{}"u8.ToArray());
                content.Headers.TryAddWithoutValidation("Content-Type", type);
                using var answer = await desk.SendAsAdminAsync(operation, operation.UnknownPath, content);
                yield return await Refusals.FaultOfAsync(answer, HttpStatusCode.UnsupportedMediaType) is { } fault ? $"{type}: {fault}" : null;
            }
        }
    }

    [Fact]
    public async Task Refuses_a_body_above_the_limit_whether_or_not_its_length_is_told()
    {
        var desk = await Desk.OfAsync(server);
        await desk.CheckAsync(desk.Operations.Where(operation => operation.Body is not null || operation.Form), Check);

        async IAsyncEnumerable<string?> Check(Operation operation)
        {
            var token = operation.SignedIn ? await desk.TokenOfAsync("admin") : null;
            var type = operation.Form ? "multipart/form-data; boundary=b" : "application/json";
            var limit = desk.LimitOf(operation);
            var told = await RawRequest.SendAsync(desk.Http.BaseAddress!, operation, token, type, declaredBytes: Math.Max(limit + 1, 20_000_000), sentBytes: 0);
            yield return told.StartsWith("HTTP/1.1 413 ", StringComparison.Ordinal) ? null : $"wanted 413 for a told length, got {told}";
            var untold = await RawRequest.SendAsync(desk.Http.BaseAddress!, operation, token, type, declaredBytes: null, sentBytes: Math.Max(limit + 1, 20_000_000));
            yield return untold.StartsWith("HTTP/1.1 413 ", StringComparison.Ordinal) ? null : $"wanted 413 for chunks, got {untold}";
        }
    }

    [Fact]
    public async Task Takes_every_example_of_the_document_as_well_formed()
    {
        var desk = await Desk.OfAsync(server);
        var faults = new List<string>();
        Assert.NotEmpty(desk.WithBody);
        foreach (var operation in desk.WithBody)
        {
            if (operation.Example is null)
            {
                faults.Add($"{operation} has no example: add .BodyLike(...) to its endpoint.");
                continue;
            }

            using var answer = await desk.SendAsAdminAsync(operation, operation.UnknownPath, Desk.Json(operation.Example));
            if (answer.StatusCode == HttpStatusCode.BadRequest || (int)answer.StatusCode >= 500)
            {
                faults.Add($"{operation}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static IEnumerable<string> RequiredOf(Operation operation) => operation.Body!["required"]?.AsArray().Select(name => (string)name!) ?? [];

    private static string[] WrongFor(Member member) => member.Type switch
    {
        "string" when member.Format is "uuid" or "date-time" or "date" => ["12", "true", "{\"a\":1}", "[1]", "\"not one of these\""],
        "string" when member.Schema["enum"] is not null => ["12", "true", "{\"a\":1}", "[1]", "\"not one of these\""],
        "string" => ["12", "true", "{\"a\":1}", "[1]"],
        "integer" => ["\"abc\"", "{}", "[]", "true", "1.5"],
        "number" => ["\"abc\"", "{}", "[]", "true", "\"1,5\"", "\"\""],
        "boolean" => ["\"maybe\"", "1", "{}", "[]"],
        "object" => ["\"abc\"", "5", "[]"],
        "array" => ["\"abc\"", "5", "{}"],
        _ => [],
    };

    private static async Task<string?> NamesAsync(HttpResponseMessage answer, params string[] fields)
    {
        if (await Refusals.FaultOfAsync(answer, HttpStatusCode.BadRequest) is { } fault)
        {
            return fault;
        }

        var text = await answer.Content.ReadAsStringAsync();
        var details = JsonNode.Parse(text)!["error"]!["details"]?.AsObject().Select(detail => detail.Key).ToList() ?? [];
        var missed = fields.Where(field => !details.Contains(field)).ToList();
        return missed.Count == 0 ? null : $"details do not name {string.Join(", ", missed)}: {text}";
    }
}

[Collection(ContractOnSqlite.Name)]
public sealed class BodyContractOnSqliteTests(ListeningOnSqlite server) : BodyContract(server);

[Collection(ContractOnPostgres.Name)]
public sealed class BodyContractOnPostgresTests(ListeningOnPostgres server) : BodyContract(server);

[CollectionDefinition(Name)]
public sealed class ContractOnSqlite : ICollectionFixture<ListeningOnSqlite>
{
    public const string Name = "Contract on SQLite";
}

[CollectionDefinition(Name)]
public sealed class ContractOnPostgres : ICollectionFixture<ListeningOnPostgres>
{
    public const string Name = "Contract on PostgreSQL";
}
