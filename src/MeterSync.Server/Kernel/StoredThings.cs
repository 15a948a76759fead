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

/// <summary>A value about a person: the audit log keeps it encrypted under the person's key, so that it can be forgotten. Its row says whose it is (<see cref="IPersonal"/>).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PersonalAttribute : Attribute;

/// <summary>A row with values about a person.</summary>
public interface IPersonal
{
    /// <summary>Whom the <see cref="PersonalAttribute"/> values are about; empty for nobody.</summary>
    Guid PersonId { get; }
}

/// <summary>The row of a person: saving it for the first time makes the person's key.</summary>
public interface IPerson : IPersonal;

/// <summary>A row people edit: its version is its ETag and guards against lost updates.</summary>
public interface IVersioned
{
    /// <summary>1 when made, one more with each change.</summary>
    int Version { get; set; }
}
