using System.IO.Compression;
using MeterSync.Kernel.Web;
using Microsoft.AspNetCore.ResponseCompression;

namespace MeterSync.Host.Web;

/// <summary>What stands around every request: problem mapping, compression both ways, headers, body limits.</summary>
internal static class WebShell
{
    public static void AddWeb(this IServiceCollection services)
    {
        services.AddRouting(options => options.LowercaseUrls = true);
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddRequestDecompression();
        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = ["application/json", "text/csv", "text/html", "text/css", "application/javascript", "text/javascript", "image/svg+xml"];
            options.Providers.Add<BrotliCompressionProvider>();
            options.Providers.Add<GzipCompressionProvider>();
        });
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        services.AddApiDocument();
    }

    public static void UseWebShell(this IApplicationBuilder app)
    {
        app.UseResponseCompression();
        app.UseMiddleware<ProblemMapping>();
        app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers.XFrameOptions = "DENY";
            if (context.Request.Path.StartsWithSegments("/api"))
            {
                headers.CacheControl = "no-store";
            }

            return next(context);
        });
        app.UseRequestDecompression();
    }
}
