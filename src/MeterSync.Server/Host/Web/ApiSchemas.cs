using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MeterSync.Host.Web;

/// <summary>Makes the API document's schemas say what the validation enforces.</summary>
internal static class ApiSchemas
{
    public static void Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        WriteNumbersAsNumbers(schema);
        var attributes = AttributesOf(context);
        if (Words(attributes) is { } words)
        {
            schema.Enum = [.. words.Select(word => (JsonNode)word)];
            schema.Type = JsonSchemaType.String | (schema.Type & JsonSchemaType.Null);
        }

        if (attributes.OfType<EmailAddressAttribute>().Any())
        {
            schema.Format = "email";
        }

        if (attributes.OfType<RequiredAttribute>().Any())
        {
            schema.Type &= ~JsonSchemaType.Null;
        }

        if (context.JsonPropertyInfo is null && context.JsonTypeInfo.Type.Name.EndsWith("Request", StringComparison.Ordinal))
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
