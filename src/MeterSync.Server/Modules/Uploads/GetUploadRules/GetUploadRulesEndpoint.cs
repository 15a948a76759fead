using System.Globalization;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Uploads.Protocol;
using MeterSync.Modules.Uploads.Store;

namespace MeterSync.Modules.Uploads.GetUploadRules;

internal static class GetUploadRulesEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/uploads/{id:guid?}", [HttpMethods.Options], async (HttpResponse response, GetUploadRulesHandler handler) =>
            {
                response.Headers[TusHeaders.Versions] = TusHeaders.Version;
                response.Headers[TusHeaders.Extension] = TusHeaders.Extensions;
                response.Headers[TusHeaders.MaxSize] = (await handler.HandleAsync()).ToString(CultureInfo.InvariantCulture);
                response.Headers[TusHeaders.ChecksumAlgorithms] = PieceHeaders.Offered;
                return Results.NoContent();
            })
            .WithName("GetUploadRules").WithSummary("What the server knows of tus 1.0").Produces(StatusCodes.Status204NoContent).OpenToAll();
}

internal sealed class GetUploadRulesHandler(UploadBook book)
{
    public ValueTask<long> HandleAsync() => ValueTask.FromResult(book.MostBytesOfAny());
}
