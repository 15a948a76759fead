using MeterSync.Kernel;
using MeterSync.Store.Audit;
using MeterSync.Store.Idempotency;
using Microsoft.Extensions.Options;

namespace MeterSync.Store;

/// <summary>What the store knows of the request or job it works for.</summary>
internal sealed class StoreSession(
    CallerAccessor callers, TimeProvider clock, IdSource ids, IdempotencyScope idempotency, PersonKeys persons, AuditSignal audit, SqliteWriteGate gate, IOptions<StoreOptions> options)
{
    /// <summary>Null before anyone is known: at start-up and on anonymous routes.</summary>
    public Caller? Caller => callers.Known;

    public TimeProvider Clock => clock;

    public IdSource Ids => ids;

    public IdempotencyScope Idempotency => idempotency;

    public PersonKeys PersonKeys => persons;

    public AuditSignal AuditSignal => audit;

    public Task<IDisposable> EnterWriteGateAsync(CancellationToken cancellationToken) =>
        gate.EnterAsync(TimeSpan.FromSeconds(options.Value.WaitSeconds), cancellationToken);
}
