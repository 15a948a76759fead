namespace MeterSync.Kernel;

/// <summary>Makes UUIDv7 ids from the server's clock. They are index-friendly; nothing may be ordered by them.</summary>
public sealed class IdSource(TimeProvider clock)
{
    public Guid Next() => Guid.CreateVersion7(clock.GetUtcNow());

    public TId Next<TId>()
        where TId : struct, ITypedId<TId> => TId.From(Next());
}
