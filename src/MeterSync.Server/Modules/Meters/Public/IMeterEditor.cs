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
