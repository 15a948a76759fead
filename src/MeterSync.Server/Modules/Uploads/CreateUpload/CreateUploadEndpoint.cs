using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Uploads.Protocol;
using Microsoft.AspNetCore.Http.Features;

namespace MeterSync.Modules.Uploads.CreateUpload;

internal static class CreateUploadEndpoint
{
    /// <summary>Only a guard: bytes beyond the length of an upload are refused.</summary>
    private const long MostBytes = 4L * 1024 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/uploads", async (HttpContext http, CreateUploadHandler handler, CancellationToken cancellationToken) =>
            {
                var made = await handler.HandleAsync(http.Request, cancellationToken);
                if (!made.Succeeded)
                {
                    return new Answer<Done>(made.Problem);
                }

                // Under the name it was asked by: a proxy may let only one of the two through. No host: the client knows best by which it came.
                var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
                http.Response.Tell(made.Value);
                return Results.Created($"{(target.StartsWith("/api/", StringComparison.OrdinalIgnoreCase) ? "/api/v1" : "")}/uploads/{made.Value.Id.Value}", (object?)null);
            })
            .WithName("CreateUpload").WithSummary("Begin an upload (tus 1.0): Upload-Length, Upload-Metadata, and the first bytes where they are at hand").Produces(StatusCodes.Status201Created)
            .RequirePermission(UploadPermissions.Write).BodyUpTo(MostBytes);
}
