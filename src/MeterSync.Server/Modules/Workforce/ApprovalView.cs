using System.Text.Json;
using MeterSync.Modules.Workforce.Domain;

namespace MeterSync.Modules.Workforce;

/// <param name="DecidedBy">Null for the operator at the machine.</param>
internal sealed record DecisionView(int Step, Decision Decision, string? Note, Guid? DecidedBy, DateTimeOffset DecidedAt);

/// <summary>A request for a decision, as the API shows one.</summary>
/// <param name="MeterId">Null for a meter that was found, until it is made.</param>
/// <param name="MeterData">The fields as they shall be; null for a held reading.</param>
/// <param name="Before">The same fields as they were when it was proposed; null for a held reading and for a meter that was found, and for an agent who does not see the meter any more.</param>
/// <param name="Photos">Of a meter that was found: ids, addresses or SHA-256 hashes.</param>
/// <param name="Steps">Roles that decide, in order.</param>
/// <param name="NextStep">The role whose turn it is; null once decided.</param>
/// <param name="Decisions">In order of time; left out of lists.</param>
internal sealed record ApprovalView(
    Guid Id,
    Guid? ClientId,
    ApprovalKind Kind,
    Guid? MeterId,
    string SerialNumber,
    Guid? ReadingId,
    Guid AgentId,
    JsonElement? MeterData,
    JsonElement? Before,
    IReadOnlyList<string> Photos,
    ApprovalStatus Status,
    IReadOnlyList<string> Steps,
    string? NextStep,
    string? SubmissionNotes,
    string? ReviewNotes,
    Guid? ReviewerId,
    DateTimeOffset SubmittedAt,
    DateTimeOffset? ReviewedAt,
    int Version,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<DecisionView>? Decisions)
{
    public static ApprovalView Of(ApprovalRequest request, string serialNumber, bool showsBefore, IReadOnlyList<DecisionView>? decisions)
    {
        var steps = request.Steps.Split(' ');
        return new ApprovalView(
            request.Id.Value,
            request.ClientId,
            request.Kind,
            request.MeterId?.Value,
            serialNumber,
            request.ReadingId?.Value,
            request.AgentId.Value,
            Json(request.MeterData),
            showsBefore ? Json(request.BeforeData) : null,
            request.Photos is null ? [] : JsonSerializer.Deserialize(request.Photos, WorkforceJson.Default.StringArray) ?? [],
            request.Status,
            steps,
            request.IsDecided ? null : steps[Math.Min(request.Step, steps.Length - 1)],
            request.SubmissionNotes,
            request.ReviewNotes,
            request.ReviewerId?.Value,
            request.SubmittedAt,
            request.ReviewedAt,
            request.Version,
            decisions);
    }

    private static JsonElement? Json(string? text) => text is null ? null : JsonSerializer.Deserialize(text, WorkforceJson.Default.JsonElement);
}
