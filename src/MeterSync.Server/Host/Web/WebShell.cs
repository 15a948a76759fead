using System.IO.Compression;
using MeterSync.Host.Web.Field;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using Microsoft.AspNetCore.ResponseCompression;

namespace MeterSync.Host.Web;

/// <summary>What stands around every request: problem mapping, compression both ways, headers, body limits.</summary>
internal static class WebShell
{
    private static readonly string[] Encodings = ["gzip", "br", "deflate", "identity"];

    private const string AnswerPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>The two reference pages run their own scripts only; ReDoc indexes its search in a worker made from a blob.</summary>
    private const string PagePolicy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; worker-src blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>The field app photographs meters and notes where it did; nothing here needs more.</summary>
    private const string Permissions = "camera=(self), geolocation=(self), accelerometer=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

    /// <summary>A year, for this host alone: what else runs under its domain is not ours to decide.</summary>
    private const string OnlyByTls = "max-age=31536000";

    public static void AddWeb(this IServiceCollection services)
    {
        services.AddRouting(options => options.LowercaseUrls = true);
        services.ConfigureHttpJsonOptions(options => StrictJson.Configure(options.SerializerOptions));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddRequestDecompression();
        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = ["application/json", "text/csv", "text/plain", "text/html", "text/css", "application/javascript", "text/javascript", "image/svg+xml"];
            options.Providers.Add<BrotliCompressionProvider>();
            options.Providers.Add<GzipCompressionProvider>();
        });
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        services.AddSingleton<IRequestReader, RequestReader>();
        services.AddApiDocument();
    }

    public static void UseWebShell(this IApplicationBuilder app)
    {
        app.UseResponseCompression();
        app.UseMiddleware<ProblemMapping>();
        app.Use((context, next) =>
        {
            if (HttpMethods.IsHead(context.Request.Method))
            {
                // Every GET route answers HEAD: the same work, the body left out.
                HeadRequest.CarryOutAsGet(context);
            }

            return next(context);
        });
        app.Use((context, next) =>
        {
            // On starting, because a failure clears what was set before.
            context.Response.OnStarting(static state => SetHeaders((HttpContext)state), context);
            return IsPackedStrangely(context.Request) ? ProblemAnswer.WriteAsync(context, KernelProblems.UnsupportedMediaType.Because("Bodies are read plain or with Content-Encoding gzip, br or deflate."))
                : ParameterWithNul(context.Request) is { } name ? ProblemAnswer.WriteAsync(context, KernelProblems.Invalid.For(name, $"{name}: the text has a NUL character."))
                : next(context);
        });
    }

    private static bool IsPackedStrangely(HttpRequest request) =>
        request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding && !Encodings.Contains(encoding, StringComparer.OrdinalIgnoreCase);

    private static Task SetHeaders(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        var field = context.Request.Path.StartsWithSegments(FieldApp.Root) ? context.RequestServices.GetRequiredService<FieldPolicy>() : null;
        headers["Referrer-Policy"] = field?.Referrer ?? "no-referrer";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = field?.Content ?? (IsPage(context.Request.Path) ? PagePolicy : AnswerPolicy);
        headers["Permissions-Policy"] = Permissions;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = OnlyByTls;
        }

        // Answers have personal data or tokens, unless their route knows better.
        if (headers.CacheControl.Count == 0 && !IsPublic(context.Request.Path))
        {
            headers.CacheControl = "no-store";
        }

        return Task.CompletedTask;
    }

    private static bool IsPublic(PathString path) => IsPage(path) || path.StartsWithSegments("/openapi");

    private static bool IsPage(PathString path) => path.StartsWithSegments("/docs") || path.StartsWithSegments("/redoc");

    /// <summary>PostgreSQL keeps no NUL in text; a filter with one matches nothing anywhere.</summary>
    private static string? ParameterWithNul(HttpRequest request) =>
        request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) == true
            ? request.Query.Where(parameter => parameter.Key.Contains('\0', StringComparison.Ordinal) || parameter.Value.Any(value => value?.Contains('\0', StringComparison.Ordinal) == true)).Select(parameter => parameter.Key.Replace("\0", "", StringComparison.Ordinal)).FirstOrDefault()
            : null;
}
