using System.Text.Json;
using MeterSync.Kernel;

namespace MeterSync.Modules.Meters.Public;

/// <summary>Changes meter data that somebody proposed, on behalf of other modules.</summary>
internal interface IMeterEditor
{
    /// <summary>Looks whether a proposal could be applied, and what stands there now. Changes nothing.</summary>
    /// <param name="meter">The meter, as far as the caller may bring readings of it.</param>
    /// <param name="proposal">Fields as <c>PATCH /meters/{id}</c> takes them; registers and the installation day cannot be proposed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<Outcome<MeterProposal>> LookAsync(MeterId meter, JsonElement proposal, CancellationToken cancellationToken);

    /// <summary>As <see cref="LookAsync"/> for many proposals, in the same queries; in their order.</summary>
    Task<IReadOnlyList<Outcome<MeterProposal>>> LookAllAsync(IReadOnlyList<(MeterId Meter, JsonElement Proposal)> proposals, CancellationToken cancellationToken);

    /// <summary>Why a meter could not be made as it is described, whatever the database says; null where it could.</summary>
    /// <param name="described">Fields as <c>POST /meters</c> takes them.</param>
    Problem? RefuseNew(JsonElement described);

    /// <summary>Makes a meter by the rules of <c>POST /meters</c>, inside the caller's transaction. A serial number that another meter has is a problem with the status 409, the only one.</summary>
    Task<Outcome<MeterId>> CreateAsync(JsonElement described, CancellationToken cancellationToken);

    /// <summary>What stands in the named fields now; null where the meter is gone.</summary>
    Task<MeterProposal?> NowAsync(MeterId meter, JsonElement proposal, CancellationToken cancellationToken);

    /// <summary>Whether a proposal speaks of the place alone, such as its address, and not of the device that hangs there.</summary>
    bool IsOfPlace(JsonElement proposal);

    /// <summary>Applies a proposal inside the caller's transaction, with the meter locked.</summary>
    Task<Outcome<Done>> ApplyAsync(MeterId meter, JsonElement proposal, CancellationToken cancellationToken);
}

/// <param name="Before">JSON object of the proposal's fields as they are.</param>
/// <param name="Version">The meter's.</param>
internal sealed record MeterProposal(string SerialNumber, string Before, int Version);
