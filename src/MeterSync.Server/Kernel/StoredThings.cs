namespace MeterSync.Kernel;

/// <summary>A row whose every change leaves an audit row in the same transaction.</summary>
public interface IAudited
{
    /// <summary>What the audit log calls this kind of thing.</summary>
    string AuditName { get; }

    Guid AuditId { get; }

    /// <summary>False for rows whose making is told by the row they belong to.</summary>
    bool AuditsCreation => true;
}

/// <summary>A value the audit log must not show.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;

/// <summary>A row people edit: its version is its ETag and guards against lost updates.</summary>
public interface IVersioned
{
    /// <summary>1 when made, one more with each change.</summary>
    int Version { get; set; }
}
