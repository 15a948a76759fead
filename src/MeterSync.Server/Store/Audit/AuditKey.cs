namespace MeterSync.Store.Audit;

/// <summary>A key of the chain. There is one, unless the data directory's keys were lost: then entries go on under the next.</summary>
internal sealed class AuditKey
{
    /// <summary>1 for the first.</summary>
    public int Number { get; set; }

    /// <summary>Encrypted.</summary>
    public byte[] Secret { get; set; } = [];

    /// <summary>The first entry hashed with it.</summary>
    public long FromSeq { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>What a person's values in the audit log are encrypted with. A person has one, unless the data directory's keys were lost.</summary>
internal sealed class PersonKey
{
    public Guid Id { get; set; }

    public Guid PersonId { get; set; }

    /// <summary>Encrypted; null once the person is erased.</summary>
    public byte[]? Secret { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? ErasedAt { get; set; }
}
