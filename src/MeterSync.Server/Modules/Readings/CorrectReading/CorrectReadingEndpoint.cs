using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Readings.Store;
using MeterSync.Store;

namespace MeterSync.Modules.Readings.CorrectReading;

/// <param name="ReadingValue">The right value of the main register; or <paramref name="Registers"/>.</param>
/// <param name="Registers">The right values; registers left out stay as they are.</param>
/// <param name="Reason">Why, for whoever asks later.</param>
internal sealed record CorrectReadingRequest(
    decimal? ReadingValue,
    [property: MinLength(1), MaxLength(50)] IReadOnlyList<RegisterValueRequest>? Registers,
    [property: Required, StringLength(1000, MinimumLength = 3)] string? Reason);

internal static class CorrectReadingEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/readings/{id:guid}/correct", async (Guid id, CorrectReadingRequest request, HttpRequest http, CorrectReadingHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(id, request, EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer(view => view.Version))
            .Slice<ReadingView>("CorrectReading", "Give the right value; the wrong one stays visible as superseded").RequirePermission(ReadingPermissions.Verify)
            .BodyLike("""{"reading_value":1243.567,"reason":"Digits swapped on the way"}""");
}

internal sealed class CorrectReadingHandler(WriteTransactions transactions, OpenReading readings, CorrectValues values)
{
    public async Task<Outcome<ReadingView>> HandleAsync(Guid id, CorrectReadingRequest request, int? version, CancellationToken cancellationToken)
    {
        if (request.ReadingValue is null == (request.Registers is null))
        {
            return KernelProblems.Invalid.For("reading_value", "Give reading_value or registers, and not both.");
        }

        return ReadingMetrics.Decided("corrected", await transactions.RunAsync<ReadingView>(async token =>
        {
            var found = await readings.FindAsync(id, version, token);
            if (!found.Succeeded)
            {
                return found.Problem;
            }

            var judged = values.Apply(found.Value, request.ReadingValue, request.Registers, request.Reason);
            return judged.Succeeded ? await readings.SaveAsync(found.Value, judged.Value, token) : judged.Problem;
        }, cancellationToken));
    }
}
