using MeterSync.Host.Health;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace MeterSync.Host.Web.Field;

/// <summary>Serves the field app, which phones keep and use without a network: its files from the program's own wwwroot, and what it has to know of this installation.</summary>
internal static class FieldApp
{
    public const string Root = "/field";

    private const string Home = Root + "/";
    private const string Hashed = "assets/";
    private const string Worker = "sw.js";

    /// <summary>A changed file has another name.</summary>
    private const string ForGood = "public, max-age=31536000, immutable";

    private const string AskFirst = "no-cache";

    public static void AddFieldApp(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<FieldOptions>().Bind(configuration.GetSection(FieldOptions.Section)).ValidateDataAnnotations()
            .Validate(options => options.HasUsableTileUrl, "Field:TileUrl is no address of map tiles. Write https://tiles.example.com/{z}/{x}/{y}.png, or a path of this server such as /tiles/{z}/{x}/{y}.png; leave it out for the app's own base map.")
            .Validate(options => options.HasPlainAttribution, "Field:TileAttribution has < or >. It is shown as it stands: write plain text such as © OpenStreetMap contributors.")
            .ValidateOnStart();
        services.TryAddSingleton(new FieldFolder(Path.Combine(AppContext.BaseDirectory, FieldFolder.Published)));
        services.AddSingleton<FieldPolicy>();
    }

    /// <summary>Nothing here is counted: a phone's first load is dozens of files, and a crew shares one address.</summary>
    public static void MapFieldApp(this WebApplication app)
    {
        app.MapGet(Home + "settings.json", (HttpResponse response, IOptions<FieldOptions> options) =>
            {
                response.Headers.CacheControl = AskFirst;
                return TypedResults.Json(FieldSettings.Of(options.Value));
            })
            .ExcludeFromDescription().OpenToAll().CountedAs(RateGroup.None);
        app.MapGet(Home + "{**path}", AnswerAsync).ExcludeFromDescription().OpenToAll().CountedAs(RateGroup.None);
    }

    private static async Task<IResult> AnswerAsync(HttpContext context, FieldFolder folder, string? path = null)
    {
        var request = context.Request;
        var name = path ?? "";
        if (request.Path.Value?.StartsWith(Home, StringComparison.Ordinal) != true)
        {
            // A service worker's scope ends with the slash and knows no other case.
            return TypedResults.LocalRedirect(new PathString(Home + name).ToUriComponent() + request.QueryString);
        }

        var accepted = request.Headers.AcceptEncoding.ToString();
        if (await folder.FindAsync(IsOfTheApp(name) ? FieldFolder.Start : name, accepted, context.RequestAborted) is not { } file)
        {
            return new Answer<Done>(KernelProblems.NotFound.Because(IsOfTheApp(name) ? "The field app is not installed beside this server. Its operator finds out more with: metersync doctor" : "The field app has no such file."));
        }

        var headers = context.Response.Headers;
        headers.CacheControl = name.StartsWith(Hashed, StringComparison.Ordinal) ? ForGood : AskFirst;
        if (file.Varies)
        {
            headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        }

        if (file.Encoding is not null)
        {
            headers.ContentEncoding = file.Encoding;
        }

        if (name == Worker)
        {
            headers["Service-Worker-Allowed"] = Home;
        }

        // The build has packed what gains by it; packed once more on the way, the same tag would stand for other bytes.
        request.Headers.AcceptEncoding = default;
        return Results.File(file.Path, file.Type, entityTag: file.Tag, enableRangeProcessing: true);
    }

    /// <summary>Pages are made by the app itself, which finds its way by the address.</summary>
    private static bool IsOfTheApp(string name) =>
        name == FieldFolder.Start || (!name.StartsWith(Hashed, StringComparison.Ordinal) && !name[(name.LastIndexOf('/') + 1)..].Contains('.', StringComparison.Ordinal));
}

/// <summary>What the app is told before anybody has signed in.</summary>
/// <param name="TileUrl">Null: it draws its own base map.</param>
/// <param name="TileAttribution">Plain text; null for none.</param>
/// <param name="LockMinutes">Without a touch, until it asks for its PIN.</param>
/// <param name="Version">Of the server.</param>
internal sealed record FieldSettings(string? TileUrl, string? TileAttribution, int TileMaxZoom, int LockMinutes, string Version)
{
    public static FieldSettings Of(FieldOptions options) =>
        new(OrNull(options.TileUrl), OrNull(options.TileAttribution), options.TileMaxZoom, options.LockMinutes, ProgramVersion.Text);

    private static string? OrNull(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
