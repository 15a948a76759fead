using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using HttpJsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace MeterSync.Kernel.Web;

/// <summary>An <see cref="Outcome{T}"/> on its way out: the envelope with status, ETag and Location, or the error envelope.</summary>
public sealed class Answer<T>(Outcome<T> outcome) : IResult, IEndpointMetadataProvider
{
    /// <summary>Status of a success.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>Line for people beside the data.</summary>
    public string? Message { get; init; }

    /// <summary>Version to send as ETag.</summary>
    public Func<T, int>? Version { get; init; }

    /// <summary>Address of what was made.</summary>
    public Func<T, string>? Location { get; init; }

    /// <summary>Writes the data in place of the serializer, to the same effect.</summary>
    public Action<Utf8JsonWriter, T>? Writer { get; init; }

    public static void PopulateMetadata(System.Reflection.MethodInfo method, EndpointBuilder builder)
    {
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (!outcome.Succeeded)
        {
            return ProblemAnswer.WriteAsync(httpContext, outcome.Problem);
        }

        var response = httpContext.Response;
        response.StatusCode = Status;
        if (Version is not null)
        {
            response.Headers.ETag = EntityTag.Of(Version(outcome.Value));
        }

        if (Location is not null)
        {
            response.Headers.Location = Location(outcome.Value);
        }

        return Writer is null
            ? JsonBody.WriteAsync(response, new Envelope<T>(true, outcome.Value, Message))
            : JsonBody.WriteAsync(response, outcome.Value, Message, Writer);
    }
}

/// <summary>Writes the error envelope.</summary>
public static class ProblemAnswer
{
    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Code.Status;
        if (problem.RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        context.Items[typeof(Problem)] = problem;
        var error = new ErrorBody(problem.Code.Code, problem.Message, problem.Details);
        return JsonBody.WriteAsync(response, new ErrorEnvelope(false, error, TraceIdOf(context)));
    }

    public static string TraceIdOf(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
}

internal static class JsonBody
{
    private const string ContentType = "application/json; charset=utf-8";

    public static Task WriteAsync<TBody>(HttpResponse response, TBody body)
    {
        var options = OptionsOf(response);
        response.ContentType = ContentType;
        return JsonSerializer.SerializeAsync(response.BodyWriter, body, (JsonTypeInfo<TBody>)options.GetTypeInfo(typeof(TBody)), response.HttpContext.RequestAborted);
    }

    /// <summary>The success envelope around data that <paramref name="write"/> writes.</summary>
    public static async Task WriteAsync<T>(HttpResponse response, T data, string? message, Action<Utf8JsonWriter, T> write)
    {
        response.ContentType = ContentType;
        var body = response.BodyWriter;
        await using (var json = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = OptionsOf(response).Encoder, SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteBoolean("success"u8, true);
            json.WritePropertyName("data"u8);
            write(json, data);
            json.WriteString("message"u8, message);
            json.WriteEndObject();
        }

        await body.FlushAsync(response.HttpContext.RequestAborted);
    }

    private static JsonSerializerOptions OptionsOf(HttpResponse response) =>
        response.HttpContext.RequestServices.GetRequiredService<IOptions<HttpJsonOptions>>().Value.SerializerOptions;
}
