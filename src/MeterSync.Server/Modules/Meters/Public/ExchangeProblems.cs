using MeterSync.Kernel;

namespace MeterSync.Modules.Meters.Public;

/// <summary>Why a meter exchange, or its undoing, is refused.</summary>
internal static class ExchangeProblems
{
    public static readonly ProblemCode NotFound = new("exchange.not_found", 404, "There is no such meter exchange, or it is not yours to see.");
    public static readonly ProblemCode NotInstalled = new("exchange.not_installed", 409, "The meter is in store: there is no place from which it could be taken.");
    public static readonly ProblemCode InstalledElsewhere = new("exchange.installed_elsewhere", 409, "The new meter is installed at a service point already.");
    public static readonly ProblemCode InFuture = new("exchange.in_future", 400, "The exchange lies in the future.");
    public static readonly ProblemCode TooEarly = new("exchange.too_early", 409, "One of the meters was read, or installed, after the instant of the exchange, or the new one was read or taken away at that instant.");
    public static readonly ProblemCode RegistersDiffer = new("exchange.registers_differ", 409, "The new meter does not count what the old one does: a quantity, direction or unit is missing.");
    public static readonly ProblemCode RegisterNotRead = new("exchange.register_not_read", 400, "A register that counts has no removal value or no install value.");
    public static readonly ProblemCode ClientIdConflict = new("exchange.client_id_conflict", 409, "This client_id came with other content before; the stored exchange stays as it is.");
    public static readonly ProblemCode AlreadyUndone = new("exchange.already_undone", 409, "The exchange was undone before.");
    public static readonly ProblemCode ReadingsFollow = new("exchange.readings_follow", 409, "The new meter was read after the exchange, so it cannot be undone.");
    public static readonly ProblemCode NotLast = new("exchange.not_last", 409, "One of the meters was moved again after the exchange, so it cannot be undone.");
    public static readonly ProblemCode Billed = new("exchange.billed", 409, "A frozen billing run rests on the exchange, so it cannot be undone.");
}
