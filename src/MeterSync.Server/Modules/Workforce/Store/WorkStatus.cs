using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>The words by which lists of assignments are filtered: each status, and two that stand for several.</summary>
internal static class WorkStatus
{
    /// <summary>Still to be done: pending, in progress and overdue.</summary>
    public const string Open = "open";

    /// <summary>All but cancelled.</summary>
    public const string Given = "given";

    public static IQueryable<Assignment> Having(this IQueryable<Assignment> work, string? word) => word switch
    {
        Open => work.Where(one => one.Status == AssignmentStatus.Pending || one.Status == AssignmentStatus.InProgress || one.Status == AssignmentStatus.Overdue),
        Given => work.Where(one => one.Status != AssignmentStatus.Cancelled),
        _ => Terms<AssignmentStatus>.ParseOptional(word) is { } status ? work.Where(one => one.Status == status) : work,
    };
}
