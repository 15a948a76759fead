using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using MeterSync.Kernel;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MeterSync.Host.Web;

/// <summary>Makes the API document's schemas say what the validation enforces.</summary>
internal static class ApiSchemas
{
    private static readonly ConcurrentDictionary<string, Type> Named = new();

    /// <summary>The name of a type in the document.</summary>
    /// <exception cref="InvalidOperationException">Another type has that name already: the document would show one of them in place of both.</exception>
    public static string? NameOf(JsonTypeInfo type)
    {
        var name = OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        var one = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        return name is null || Named.GetOrAdd(name, one) == one ? name : throw new InvalidOperationException($"{one} and {Named[name]} would both be called {name} in the API document. Give one of them another name.");
    }

    public static void Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        WriteNumbersAsNumbers(schema);
        NameType(schema, context);
        var attributes = AttributesOf(context);
        if (Words(attributes) is { } words)
        {
            schema.Type = JsonSchemaType.String | ((schema.Type ?? 0) & JsonSchemaType.Null);
            schema.Enum = [.. words.Select(word => (JsonNode)word)];
            if (schema.Type.Value.HasFlag(JsonSchemaType.Null))
            {
                schema.Enum.Add(JsonNullSentinel.JsonNull);
            }
        }

        if (attributes.OfType<EmailAddressAttribute>().Any())
        {
            schema.Format = "email";
        }

        if (attributes.OfType<RequiredAttribute>().Any())
        {
            schema.Type &= ~JsonSchemaType.Null;
        }

        if (context.JsonTypeInfo.Type.Name.EndsWith("Request", StringComparison.Ordinal))
        {
            foreach (var computed in context.JsonTypeInfo.Properties.Where(property => property.Set is null && property.AssociatedParameter is null))
            {
                schema.Properties?.Remove(computed.Name);
            }

            schema.Required = context.JsonTypeInfo.Properties
                .Where(property => property.AttributeProvider?.IsDefined(typeof(RequiredAttribute), true) == true)
                .Select(property => property.Name).ToHashSet();
        }
    }

    /// <summary>An envelope always carries its data; a nullable enum lists its words once.</summary>
    public static void Tidy(OpenApiDocument document)
    {
        foreach (var (name, schema) in document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>())
        {
            if (name.StartsWith("EnvelopeOf", StringComparison.Ordinal)
                && schema.Properties?["data"]?.OneOf?.FirstOrDefault(one => one is OpenApiSchemaReference) is { } data)
            {
                schema.Properties["data"] = data;
            }
        }
    }

    /// <summary>Numbers are also read from strings; the document shows the plain form, docs/api.md tells of the other.</summary>
    private static void WriteNumbersAsNumbers(OpenApiSchema schema)
    {
        if (schema.Type is { } type && type.HasFlag(JsonSchemaType.String) && (type & (JsonSchemaType.Integer | JsonSchemaType.Number)) != 0)
        {
            schema.Type = type & ~JsonSchemaType.String;
            schema.Pattern = null;
        }
    }

    /// <summary>Of a type with a converter of its own nothing is known but what is said here.</summary>
    private static void NameType(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (schema.Type is null && TypeOf(type) is { } known)
        {
            schema.Type = MayBeNull(context) ? known | JsonSchemaType.Null : known;
        }

        if (schema.Type?.HasFlag(JsonSchemaType.Array) == true && schema.Items is null && context.JsonTypeInfo.ElementType is { } element && TypeOf(element) is { } item)
        {
            schema.Items = new OpenApiSchema { Type = item };
        }
    }

    private static JsonSchemaType? TypeOf(Type type) =>
        type == typeof(string) || type == typeof(DateTimeOffset) || type.IsEnum ? JsonSchemaType.String
        : type == typeof(decimal) || type == typeof(double) ? JsonSchemaType.Number
        : null;

    private static bool MayBeNull(OpenApiSchemaTransformerContext context) =>
        context.JsonPropertyInfo is { } property
        && (property.PropertyType.IsValueType
            ? Nullable.GetUnderlyingType(property.PropertyType) is not null
            : property.AttributeProvider is PropertyInfo declared && new NullabilityInfoContext().Create(declared).ReadState == NullabilityState.Nullable);

    private static IReadOnlyList<string>? Words(object[] attributes) =>
        attributes.OfType<TermOfAttribute>().FirstOrDefault() is { } term ? term.Words
        : attributes.OfType<AllowedValuesAttribute>().FirstOrDefault() is { } allowed ? [.. allowed.Values.OfType<string>()]
        : null;

    private static object[] AttributesOf(OpenApiSchemaTransformerContext context)
    {
        if (context.JsonPropertyInfo is { } property)
        {
            return property.AttributeProvider?.GetCustomAttributes(true) ?? [];
        }

        return context.ParameterDescription?.ParameterDescriptor is IParameterInfoParameterDescriptor { ParameterInfo: { } parameter }
            ? [.. parameter.GetCustomAttributes(true), .. PropertyBehind(parameter)?.GetCustomAttributes(true) ?? []]
            : [];
    }

    /// <summary>The property of an [AsParameters] record that stands behind a query parameter.</summary>
    private static PropertyInfo? PropertyBehind(ParameterInfo parameter) => parameter.Member as PropertyInfo;
}
