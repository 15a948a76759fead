using System.Text.Encodings.Web;
using System.Text.Json;
using MeterSync.Kernel;

namespace MeterSync.Modules.Accounts.ExportPersonalData;

/// <summary>The file, written place by place as it is read: it is as long as what is known.</summary>
internal sealed class PersonalDataFile(UserId person, IReadOnlyList<IPersonalData> places) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.Headers.ContentDisposition = $"attachment; filename=\"person-{person.Value}.json\"";
        await using var json = new Utf8JsonWriter(httpContext.Response.Body, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("user_id", person.Value);
        foreach (var place in places)
        {
            json.WritePropertyName(place.Section);
            await place.WriteAsync(json, person, httpContext.RequestAborted);
            await json.FlushAsync(httpContext.RequestAborted);
        }

        json.WriteEndObject();
        await json.FlushAsync(httpContext.RequestAborted);
    }
}
