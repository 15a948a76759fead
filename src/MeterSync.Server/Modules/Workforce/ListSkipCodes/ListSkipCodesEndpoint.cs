using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Workforce.Domain;

namespace MeterSync.Modules.Workforce.ListSkipCodes;

/// <param name="Meaning">One sentence for people.</param>
/// <param name="NeedsNote">Whether a note must say more.</param>
internal sealed record SkipCodeView(SkipCode Code, string Meaning, bool NeedsNote);

internal sealed record SkipCodesView(IReadOnlyList<SkipCodeView> Items);

internal static class ListSkipCodesEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/skip-codes", async (ListSkipCodesHandler handler, CancellationToken cancellationToken) => (await handler.HandleAsync(cancellationToken)).ToAnswer())
            .Slice<SkipCodesView>("ListSkipCodes", "Why a visit can end without a value").RequirePermission(WorkforcePermissions.ReadAssignments);
}

internal sealed class ListSkipCodesHandler
{
    private static readonly SkipCodesView Codes = new([.. Enum.GetValues<SkipCode>().Select(code => new SkipCodeView(code, MeaningOf(code), code == SkipCode.Other))]);

    public Task<Outcome<SkipCodesView>> HandleAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<Outcome<SkipCodesView>>(Codes);
    }

    private static string MeaningOf(SkipCode code) => code switch
    {
        SkipCode.NoAccess => "Nobody opened, or the way to the meter was closed.",
        SkipCode.Dog => "A dog kept the agent from the meter.",
        SkipCode.MeterMissing => "There is no meter at the place.",
        SkipCode.Damaged => "The meter is damaged.",
        SkipCode.Unreadable => "The display or the dials cannot be read.",
        SkipCode.Unsafe => "Reading the meter would be dangerous.",
        SkipCode.CustomerRefused => "The customer did not let the agent in.",
        SkipCode.Vacant => "Nobody lives there.",
        _ => "Something else; the note says what.",
    };
}
