using System.Text.Json.Serialization;
using MeterSync.Kernel;

namespace MeterSync.Modules.Workforce;

/// <param name="Text">Why; the agent reads it.</param>
internal sealed record ReviewNotesRequest([property: PlainText(2000, AllowLines = true), JsonPropertyName("review_notes")] string? Text);
