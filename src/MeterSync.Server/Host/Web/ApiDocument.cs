using System.Text.Json.Nodes;
using MeterSync.Host.Health;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MeterSync.Host.Web;

/// <summary>The OpenAPI document, made from the routes themselves, and the two pages that show it. Everything is served from here.</summary>
internal static class ApiDocument
{
    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.CreateSchemaReferenceId = ApiSchemas.NameOf;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "MeterSync", Version = ProgramVersion.Text, Description = "Meter readings in, billable numbers out. Every answer is an envelope; docs/api.md tells the conventions, docs/problems.md the problem codes." };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" };
            document.Components.SecuritySchemes["api_key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-API-Key" };
            document.Servers?.Clear();
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(DescribeAccess);
        options.AddOperationTransformer((operation, context, _) =>
        {
            DescribeInput(operation, context);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            ApiSchemas.Describe(schema, context);
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, _, _) =>
        {
            ApiSchemas.Tidy(document);
            return Task.CompletedTask;
        });
    });

    public static void MapDocuments(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").WithMetadata(new RoutePermission(null, Anonymous: true));
        app.UseSwaggerUI(options =>
        {
            options.RoutePrefix = "docs";
            options.DocumentTitle = "MeterSync API";
            options.SwaggerEndpoint("/openapi/v1.json", "MeterSync");
        });
        app.MapRedoc();
    }

    private static void DescribeInput(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>().Where(parameter => parameter.In == ParameterLocation.Query) ?? [])
        {
            parameter.Name = SnakeCase.Of(parameter.Name ?? "");
        }

        var example = context.Description.ActionDescriptor.EndpointMetadata.OfType<BodyExample>().FirstOrDefault();
        if (example is not null && operation.RequestBody?.Content is { } content && content.TryGetValue("application/json", out var json))
        {
            json.Example = JsonNode.Parse(example.Json);
        }
    }

    private static async Task DescribeAccess(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Responses ??= [];
        var access = context.Description.ActionDescriptor.EndpointMetadata.OfType<RoutePermission>().FirstOrDefault();
        if (context.Document?.Components?.Schemas?.ContainsKey(nameof(ErrorEnvelope)) != true)
        {
            context.Document?.AddComponent(nameof(ErrorEnvelope), await context.GetOrCreateSchemaAsync(typeof(ErrorEnvelope), cancellationToken: cancellationToken));
        }

        var error = new OpenApiSchemaReference(nameof(ErrorEnvelope), context.Document);
        var statuses = new List<int> { 400, 429, 503 };
        if (access is { Anonymous: false })
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", context.Document)] = [] }];
            if (!access.ForPeople)
            {
                operation.Security.Add(new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("api_key", context.Document)] = [] });
            }

            statuses.Add(401);
            if (access.Permission is { } permission)
            {
                statuses.Add(403);
                operation.Description = $"{operation.Description} Needs `{permission.Name}`.".Trim();
                operation.Extensions ??= new Dictionary<string, IOpenApiExtension>();
                operation.Extensions["x-permission"] = new JsonNodeExtension(JsonValue.Create(permission.Name)!);
            }
        }

        if (context.Description.RelativePath?.Contains('{', StringComparison.Ordinal) == true)
        {
            statuses.Add(404);
        }

        foreach (var status in statuses.Order())
        {
            operation.Responses.TryAdd(status.ToString(System.Globalization.CultureInfo.InvariantCulture), new OpenApiResponse
            {
                Description = status switch { 400 => "Invalid input or state", 401 => "Not signed in", 403 => "Lacks the permission", 404 => "No such thing", 429 => "Too many requests; wait as Retry-After says", _ => "The store cannot serve right now" },
                Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = error } },
            });
        }
    }
}
