using MeterSync.Kernel;

namespace MeterSync.Modules.Meters.Domain;

/// <summary>Who was given a meter to read: a view of the assignments, which a later module keeps, so that scope is told in one place.</summary>
internal sealed class MeterAgent
{
    public MeterId MeterId { get; set; }

    public UserId AgentId { get; set; }

    /// <summary>The assignment's status.</summary>
    public string Status { get; set; } = "";

    /// <summary>Since when the agent does not see the meter by it any more; null while it does.</summary>
    public DateTimeOffset? ReleasedAt { get; set; }

    /// <summary>Statuses of work that is still to be done.</summary>
    public static readonly IReadOnlyList<string> Open = ["pending", "in_progress", "overdue"];
}
