using System.Text.Json.Nodes;

namespace MeterSync.Tests.Contract;

/// <summary>One operation as the OpenAPI document tells it.</summary>
/// <param name="Permission">Null where none is needed.</param>
/// <param name="SignedIn">Whether somebody must be signed in.</param>
/// <param name="Body">Schema of the JSON body with references resolved, or null.</param>
/// <param name="Form">Whether the body is a multipart form.</param>
public sealed record Operation(string Id, HttpMethod Method, string Path, string? Permission, bool SignedIn, IReadOnlyList<Parameter> Parameters, JsonObject? Body, JsonObject? Example, bool BodyRequired, bool Form)
{
    public IEnumerable<Parameter> PathParameters => Parameters.Where(parameter => parameter.In == "path");

    public IEnumerable<Parameter> QueryParameters => Parameters.Where(parameter => parameter.In == "query");

    public override string ToString() => $"{Id} ({Method} {Path})";

    /// <summary>The path with ids that nothing has.</summary>
    public string UnknownPath => PathWith(parameter => parameter.Format == "uuid" ? Guid.CreateVersion7().ToString() : parameter.Type == "integer" ? "987654" : "nothing-has-this-name");

    public string PathWith(Func<Parameter, string> value) =>
        PathParameters.Aggregate(Path, (path, parameter) => path.Replace($"{{{parameter.Name}}}", value(parameter), StringComparison.Ordinal));
}

/// <param name="Type">integer, number, boolean, string or array.</param>
/// <param name="Format">uuid, date-time ..., or null.</param>
public sealed record Parameter(string Name, string In, string Type, string? Format, bool Enumerated);

/// <summary>A member of a body, by its path from the root: <c>registers[0].unit</c>.</summary>
public sealed record Member(string Path, IReadOnlyList<object> Steps, JsonObject Schema)
{
    public string Type => ApiDescription.TypeOf(Schema);

    public string? Format => (string?)Schema["format"];
}

/// <summary>Reads the document that the running server gives, so that no route can be forgotten.</summary>
public static class ApiDescription
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch"];

    public static IReadOnlyList<Operation> Read(JsonNode document) =>
        [.. from path in document["paths"]!.AsObject()
            from member in path.Value!.AsObject()
            where Methods.Contains(member.Key)
            select Read(document, path.Key, member.Key, member.Value!.AsObject())];

    /// <summary>Every member of a body, lists by their first item.</summary>
    public static IEnumerable<Member> MembersOf(JsonObject schema, string path = "", IReadOnlyList<object>? steps = null)
    {
        steps ??= [];
        foreach (var (name, property) in schema["properties"]?.AsObject() ?? [])
        {
            var own = new Member(path + name, [.. steps, name], property!.AsObject());
            yield return own;
            var nested = own.Type switch
            {
                "object" => MembersOf(own.Schema, own.Path + ".", own.Steps),
                "array" when own.Schema["items"] is JsonObject items && TypeOf(items) == "object" => MembersOf(items, own.Path + "[0].", [.. own.Steps, 0]),
                _ => [],
            };
            foreach (var inner in nested)
            {
                yield return inner;
            }
        }
    }

    public static string TypeOf(JsonObject schema) => schema["type"] switch
    {
        JsonArray several => several.Select(type => (string)type!).FirstOrDefault(type => type != "null") ?? "any",
        JsonValue one => (string)one!,
        _ => schema["enum"] is not null ? "string" : schema["properties"] is not null ? "object" : "any",
    };

    private static Operation Read(JsonNode document, string path, string method, JsonObject operation)
    {
        var content = operation["requestBody"]?["content"]?.AsObject();
        var json = content?["application/json"];
        return new Operation(
            (string)operation["operationId"]!,
            new HttpMethod(method.ToUpperInvariant()),
            path,
            (string?)operation["x-permission"],
            operation["security"] is JsonArray { Count: > 0 },
            [.. (operation["parameters"]?.AsArray() ?? []).Select(parameter => Read(document, parameter!))],
            json?["schema"] is JsonObject schema ? Resolve(document, schema, []) : null,
            json?["example"]?.AsObject(),
            (bool?)operation["requestBody"]?["required"] ?? false,
            content?.ContainsKey("multipart/form-data") == true);
    }

    private static Parameter Read(JsonNode document, JsonNode parameter)
    {
        var schema = Resolve(document, parameter["schema"]!.AsObject(), []);
        return new Parameter((string)parameter["name"]!, (string)parameter["in"]!, TypeOf(schema), (string?)schema["format"], schema["enum"] is not null);
    }

    /// <summary>A copy with every reference replaced by what it names; a schema inside itself is cut.</summary>
    private static JsonObject Resolve(JsonNode document, JsonObject schema, IReadOnlyList<string> within)
    {
        if ((string?)schema["$ref"] is { } reference)
        {
            var name = reference.Split('/')[^1];
            return within.Contains(name) ? [] : Resolve(document, document["components"]!["schemas"]![name]!.AsObject(), [.. within, name]);
        }

        if (schema["oneOf"] is JsonArray choices && choices.OfType<JsonObject>().FirstOrDefault(choice => (string?)choice["type"] != "null" || choice.ContainsKey("$ref")) is { } chosen)
        {
            return Resolve(document, chosen, within);
        }

        var copy = schema.DeepClone().AsObject();
        foreach (var (name, property) in schema["properties"]?.AsObject() ?? [])
        {
            copy["properties"]![name] = Resolve(document, property!.AsObject(), within);
        }

        if (schema["items"] is JsonObject items)
        {
            copy["items"] = Resolve(document, items, within);
        }

        return copy;
    }
}
