using MeterSync.Kernel;
using Microsoft.AspNetCore.Mvc;

namespace MeterSync.Modules.Reports;

/// <summary>What every report can be asked for.</summary>
internal sealed record ReportRequest
{
    /// <summary>First local day; thirty days before the end where left out.</summary>
    [FromQuery(Name = "start_date"), PlainText(40)]
    public string? StartDate { get; init; }

    /// <summary>Last local day, included; now where left out.</summary>
    [FromQuery(Name = "end_date"), PlainText(40)]
    public string? EndDate { get; init; }

    /// <summary>Only what belongs to the read cycle: cycle-progress, missed, out-of-route and skips. Other reports refuse it.</summary>
    [FromQuery(Name = "cycle_id")]
    public Guid? CycleId { get; init; }

    /// <summary>Only what one agent did or has to do: agent-performance, high-low, missed, out-of-route, readings-summary, skips and time-per-reading. Other reports refuse it.</summary>
    [FromQuery(Name = "agent_id")]
    public Guid? AgentId { get; init; }
}
