using MeterSync.Kernel;

namespace MeterSync.Modules.Audit;

internal static class AuditProblems
{
    public static readonly ProblemCode CannotSeal = new("audit.cannot_seal", 503, "The newest key of the audit log cannot be read here: this data directory's keys are not those of its database.");
}
