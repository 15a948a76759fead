using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeterSync.Tests.Contract;
using Xunit;

namespace MeterSync.Tests.Host.Web;

/// <summary>The OpenAPI document is good enough to generate a client from.</summary>
[Collection(ContractOnSqlite.Name)]
public sealed partial class ApiDocumentTests(ListeningOnSqlite server)
{
    /// <summary>Set to any text to write docs/openapi.json anew.</summary>
    private const string RefreshVariable = "METERSYNC_WRITE_OPENAPI";

    private static readonly string DocumentFile = Path.Combine(Repository.Root, "docs", "openapi.json");

    [Fact]
    public async Task The_document_in_docs_is_the_one_the_server_gives()
    {
        var desk = await Desk.OfAsync(server);
        var given = (await desk.Http.GetStringAsync("/openapi/v1.json")).ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(RefreshVariable) is { Length: > 0 })
        {
            await File.WriteAllTextAsync(DocumentFile, given);
        }

        Assert.True(File.Exists(DocumentFile) && await File.ReadAllTextAsync(DocumentFile) == given, $"docs/openapi.json is not what the server gives. Run this test with {RefreshVariable}=1, then npm run generate in web/api, and commit both.");
    }

    [Fact]
    public async Task The_document_has_the_same_bytes_twice()
    {
        var desk = await Desk.OfAsync(server);
        Assert.Equal(await desk.Http.GetByteArrayAsync("/openapi/v1.json"), await desk.Http.GetByteArrayAsync("/openapi/v1.json"));
    }

    [Fact]
    public async Task Every_property_and_every_parameter_says_what_it_is()
    {
        var desk = await Desk.OfAsync(server);
        var document = JsonNode.Parse(await desk.Http.GetStringAsync("/openapi/v1.json"))!;
        var schemas = document["components"]!["schemas"]!.AsObject().SelectMany(schema => schema.Value!["properties"]?.AsObject().Select(property => (Name: $"{schema.Key}.{property.Key}", Schema: property.Value!)) ?? []);
        var parameters = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().SelectMany(operation => operation.Value!["parameters"]?.AsArray().Select(parameter => (Name: $"{operation.Key} {path.Key} {parameter!["name"]}", Schema: parameter["schema"]!)) ?? []));
        // What a job or a change carries depends on its kind.
        string[] anything = ["ErrorBody.details", "JobView.result", "ExportView.result", "ChangeView.data"];
        Assert.Equal([], schemas.Concat(parameters).Where(one => !IsTold(one.Schema)).Select(one => one.Name).Except(anything));

        static bool IsTold(JsonNode schema) =>
            schema["$ref"] is not null
            || schema["oneOf"] is not null
            || (schema["type"] is { } type && (!type.ToJsonString().Contains("array", StringComparison.Ordinal) || (schema["items"] is { } items && IsTold(items))));
    }

    [Fact]
    public async Task Every_operation_has_an_id_a_summary_a_tag_and_its_failures()
    {
        var desk = await Desk.OfAsync(server);
        var faults = new List<string>();
        foreach (var (path, methods) in desk.Document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                var statuses = operation!["responses"]!.AsObject().Select(response => response.Key).ToList();
                string[] wanted = operation["security"] is null ? ["400", "503"] : operation["x-permission"] is null ? ["400", "401", "503"] : ["400", "401", "403", "503"];
                if (string.IsNullOrWhiteSpace((string?)operation["operationId"]) || string.IsNullOrWhiteSpace((string?)operation["summary"]) || operation["tags"]?.AsArray().Count != 1
                    || wanted.Except(statuses).Any() || !statuses.Any(status => status[0] == '2') || (path.Contains('{', StringComparison.Ordinal) && !statuses.Contains("404")))
                {
                    faults.Add($"{method} {path}: {operation.ToJsonString()}");
                }
            }
        }

        Assert.Equal([], faults);
        Assert.Equal(desk.Operations.Count, desk.Operations.Select(operation => operation.Id).Distinct().Count());
    }

    [Fact]
    public async Task Names_are_snake_case_and_schemas_are_called_after_our_types()
    {
        var desk = await Desk.OfAsync(server);
        var schemas = desk.Document["components"]!["schemas"]!.AsObject();
        Assert.Equal([], schemas.Select(schema => schema.Key).Where(name => !SchemaName().IsMatch(name)));
        Assert.Equal([], desk.Operations.SelectMany(operation => operation.Parameters).Where(parameter => parameter.In != "header").Select(parameter => parameter.Name).Where(name => !SnakeName().IsMatch(name)));
        Assert.Equal([], schemas.SelectMany(schema => schema.Value!["properties"]?.AsObject().Select(property => property.Key) ?? []).Where(name => !SnakeName().IsMatch(name)));
        Assert.DoesNotContain("&lt;", desk.Document.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_reference_leads_to_a_schema()
    {
        var desk = await Desk.OfAsync(server);
        var names = desk.Document["components"]!["schemas"]!.AsObject().Select(schema => $"#/components/schemas/{schema.Key}").ToHashSet();
        var references = Reference().Matches(desk.Document.ToJsonString()).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(references);
        Assert.Equal([], references.Where(reference => !names.Contains(reference)).Distinct());
    }

    [Fact]
    public async Task Words_of_a_fixed_list_are_listed()
    {
        var desk = await Desk.OfAsync(server);
        var status = desk.Operations.Single(operation => operation.Id == "ListUsers").QueryParameters.Single(parameter => parameter.Name == "status");
        Assert.True(status.Enumerated);
        Assert.Equal(["regions", "all", null], desk.Operations.Single(operation => operation.Id == "CreateUser").Body!["properties"]!["scope"]!["enum"]!.AsArray().Select(word => (string?)word));
    }

    [GeneratedRegex("^[A-Z][A-Za-z0-9]+$")]
    private static partial Regex SchemaName();

    [GeneratedRegex("^[a-z][a-z0-9_]*$")]
    private static partial Regex SnakeName();

    [GeneratedRegex("\"\\$ref\":\"([^\"]+)\"")]
    private static partial Regex Reference();
}
