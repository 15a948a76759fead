using MeterSync.Kernel;

namespace MeterSync.Modules.Sync;

internal static class PullProblems
{
    public static readonly ProblemCode CursorInvalid = new("sync.cursor_invalid", 400, "The cursor is none of ours, or was cut. Fetch without one: all that is needed comes anew.");
}
