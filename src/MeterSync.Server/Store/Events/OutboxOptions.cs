using System.ComponentModel.DataAnnotations;

namespace MeterSync.Store.Events;

/// <summary>Section <c>Outbox</c>.</summary>
public sealed class OutboxOptions
{
    public const string Section = "Outbox";

    /// <summary>Days events are kept, handled or not.</summary>
    [Range(1, 3650)]
    public int KeepDays { get; set; } = 30;
}
