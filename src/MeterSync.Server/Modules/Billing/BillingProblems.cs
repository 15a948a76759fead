using MeterSync.Kernel;

namespace MeterSync.Modules.Billing;

internal static class BillingProblems
{
    public static readonly ProblemCode RunNotFound = new("billing.run_not_found", 404, "There is no such billing run.");
    public static readonly ProblemCode PeriodOverlaps = new("billing.period_overlaps", 409, "Another run covers part of the period for the same registers; the message names it.");
    public static readonly ProblemCode NoRegisters = new("billing.no_registers", 409, "There is no register to bill in that place and period.");
    public static readonly ProblemCode NothingToAdjust = new("billing.nothing_to_adjust", 409, "Nothing the run has used has changed since it was frozen or last adjusted.");
}
