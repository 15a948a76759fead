using System.Text.Json;
using MeterSync.Kernel;

namespace MeterSync.Modules.Workforce;

/// <summary>A proposal, from the office or from a phone.</summary>
/// <param name="MeterId">The meter whose data are wrong, with <paramref name="MeterData"/>.</param>
/// <param name="MeterData">Fields as they shall be, as PATCH /meters takes them.</param>
/// <param name="ReadingId">A held reading that somebody shall decide about.</param>
/// <param name="ClientId">Made by the sender; sending the same again gives the same request.</param>
/// <param name="ReadingClientId">In place of <paramref name="ReadingId"/>: the client_id under which the reading was sent.</param>
internal sealed record CreateApprovalRequest(
    Guid? MeterId, JsonElement? MeterData, Guid? ReadingId, [property: PlainText(2000, AllowLines = true)] string? SubmissionNotes, Guid? ClientId, Guid? ReadingClientId = null);
