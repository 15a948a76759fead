using System.Diagnostics.Metrics;
using MeterSync.Kernel;
using MeterSync.Kernel.Telemetry;
using MeterSync.Modules.Workforce.Domain;

namespace MeterSync.Modules.Workforce;

/// <summary>What became of work, visits without a value, proposals and positions, counted once it is stored.</summary>
internal static class WorkforceMetrics
{
    private static readonly Counter<long> Changes = Instrumentation.Meter.CreateCounter<long>("metersync.assignment.changes", "{assignment}", "Assignments by what happened to them");
    private static readonly Counter<long> Skips = Instrumentation.Meter.CreateCounter<long>("metersync.skips", "{skip}", "Visits without a value, by their code");
    private static readonly Counter<long> Approvals = Instrumentation.Meter.CreateCounter<long>("metersync.approvals", "{request}", "Requests for a decision, by what they ask and what became of them");
    private static readonly Counter<long> Positions = Instrumentation.Meter.CreateCounter<long>("metersync.positions", "{position}", "Positions that agents reported, by what became of them");

    /// <param name="change">given, moved, or the word of the status it got.</param>
    /// <param name="count">Nothing is counted for none.</param>
    public static void Changed(string change, int count)
    {
        if (count > 0)
        {
            Changes.Add(count, new KeyValuePair<string, object?>("change", change));
        }
    }

    public static void Skipped(SkipCode code) => Skips.Add(1, new KeyValuePair<string, object?>("code", Terms<SkipCode>.WordOf(code)));

    /// <param name="kind">What it asks.</param>
    /// <param name="outcome">requested, advanced, approved, rejected, or stale: it could not be applied because the meter had changed.</param>
    public static void Approval(ApprovalKind kind, string outcome) =>
        Approvals.Add(1, new KeyValuePair<string, object?>("kind", Terms<ApprovalKind>.WordOf(kind)), new KeyValuePair<string, object?>("outcome", outcome));

    /// <param name="outcome">kept, thinned, outside_hours, late, refused or dropped.</param>
    /// <param name="count">Positions.</param>
    public static void Position(string outcome, int count = 1) => Positions.Add(count, new KeyValuePair<string, object?>("outcome", outcome));
}
