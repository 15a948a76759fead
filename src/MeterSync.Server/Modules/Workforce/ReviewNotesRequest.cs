using System.Text.Json.Serialization;
using MeterSync.Kernel;
using Microsoft.AspNetCore.Mvc;

namespace MeterSync.Modules.Workforce;

/// <param name="Text">Why; the agent reads it.</param>
internal sealed record ReviewNotesRequest([property: PlainText(2000, AllowLines = true), JsonPropertyName("review_notes")] string? Text);

internal sealed record ReviewNotesQueryRequest
{
    /// <summary>In place of the body.</summary>
    [FromQuery(Name = "review_notes"), PlainText(2000, AllowLines = true)]
    public string? Text { get; init; }
}
