using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Metering;

namespace MeterSync.Modules.Readings.ExchangeMeter;

/// <param name="SerialNumber">Of the new meter: one in store, else it is made with the old one's type and registers.</param>
/// <param name="ExchangedAt">With offset; now where left out.</param>
/// <param name="RemovalReadings">Last values of the old meter; each register that counts up must have one.</param>
/// <param name="InstallReadings">First values of the new meter, likewise.</param>
/// <param name="Registers">Of a new meter whose registers differ from the old one's; left out for a meter in store.</param>
/// <param name="RemovalEstimated">The old meter could not be read any more: its removal values are estimates.</param>
/// <param name="Reason">Why it was exchanged.</param>
/// <param name="ClientId">Made by the sender; sending the same again gives the same exchange.</param>
internal sealed record ExchangeMeterRequest(
    [property: Required, PlainText(100)] string? SerialNumber,
    DateTimeOffset? ExchangedAt,
    [property: Required, MinLength(1), MaxLength(50)] IReadOnlyList<RegisterValueRequest>? RemovalReadings,
    [property: Required, MinLength(1), MaxLength(50)] IReadOnlyList<RegisterValueRequest>? InstallReadings,
    [property: MinLength(1), MaxLength(50)] IReadOnlyList<ExchangeRegisterRequest>? Registers,
    bool? RemovalEstimated,
    [property: PlainText(1000, AllowLines = true)] string? Reason,
    [property: PlainText(2000, AllowLines = true)] string? Notes,
    Guid? ClientId);

/// <summary>A register of a new meter; what is left out is as for a new meter of its type.</summary>
/// <param name="Digits">Whole-number drums.</param>
/// <param name="Decimals">Decimal drums.</param>
/// <param name="Multiplier">CT ratio x PT ratio x constant.</param>
/// <param name="MaximumUsePerDay">The most the supply can deliver, units a day after the multiplier.</param>
internal sealed record ExchangeRegisterRequest(
    [property: PlainText(50)] string? Label,
    [property: StringLength(20), RegularExpression("^[A-Za-z0-9_]+$", ErrorMessage = "A quantity has letters, digits and underscores, such as kwh or m3.")] string? Quantity,
    [property: PlainText(20)] string? Unit,
    [property: Range(1, 12)] int? Digits,
    [property: Range(0, 6)] int? Decimals,
    [property: Range(0.000001d, 1_000_000d)] decimal? Multiplier,
    [property: TermOf(typeof(RegisterKind))] string? Kind,
    [property: TermOf(typeof(FlowDirection))] string? Direction,
    [property: PlainText(30)] string? ObisCode,
    bool? RunsBackwards,
    [property: Range(0.000001d, 1e9)] decimal? MaximumUsePerDay);

internal static class ExchangeMeterEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/meters/{id:guid}/exchange", async (Guid id, ExchangeMeterRequest request, ExchangeMeterHandler handler, CancellationToken cancellationToken) =>
            {
                var outcome = await handler.HandleAsync(new MeterId(id), request, cancellationToken);
                Outcome<MeterExchangeView> exchange = outcome.Succeeded ? outcome.Value.Exchange : outcome.Problem;
                return new Answer<MeterExchangeView>(exchange)
                {
                    Status = outcome is { Succeeded: true, Value.AlreadyThere: true } ? StatusCodes.Status200OK : StatusCodes.Status201Created,
                    Location = view => $"/api/v1/meters/{view.NewMeter.Id}/exchanges",
                    Message = outcome is { Succeeded: true, Value.Exchange.Held: true } ? "The meters are exchanged. A rule holds one of the two readings until a person decides." : null,
                };
            })
            .Slice<MeterExchangeView>("ExchangeMeter", "Take a meter from its service point and put another there, with the last value of the one and the first of the other", StatusCodes.Status201Created).RequirePermission(ReadingPermissions.Exchange)
            .BodyLike("""{"serial_number":"W-9041","exchanged_at":"2026-03-20T09:30:00Z","removal_readings":[{"label":"total","value":1234.5}],"install_readings":[{"label":"total","value":0.2}],"registers":[{"label":"total","quantity":"m3","unit":"m3","digits":5,"decimals":3,"multiplier":1}],"reason":"Calibration period is over","notes":"Seal 4711","client_id":"01890000-0000-7000-8000-000000000002"}""");
}
