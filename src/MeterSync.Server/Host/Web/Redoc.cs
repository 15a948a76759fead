using MeterSync.Kernel.Web;
using Microsoft.Extensions.FileProviders;

namespace MeterSync.Host.Web;

/// <summary>The ReDoc page; its script comes from the program's own wwwroot.</summary>
internal static class Redoc
{
    private const string Page = """
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>MeterSync API reference</title>
          <link rel="icon" href="data:,">
          <style>body { margin: 0 }</style>
        </head>
        <body>
          <redoc spec-url="/openapi/v1.json" disable-search="false" hide-hostname="true"></redoc>
          <script src="/redoc/redoc.standalone.js"></script>
        </body>
        </html>
        """;

    public static void MapRedoc(this WebApplication app)
    {
        app.MapGet("/redoc", () => Results.Content(Page, "text/html; charset=utf-8")).ExcludeFromDescription().OpenToAll();
        app.MapGet("/favicon.ico", () => Results.NoContent()).ExcludeFromDescription().OpenToAll();
        var folder = Path.Combine(AppContext.BaseDirectory, "wwwroot", "redoc");
        if (Directory.Exists(folder))
        {
            app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(folder), RequestPath = "/redoc" });
        }
    }
}
