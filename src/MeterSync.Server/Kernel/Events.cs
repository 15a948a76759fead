using System.Text.Json.Serialization.Metadata;

namespace MeterSync.Kernel;

/// <summary>A word for something that happened, whatever its body.</summary>
public interface IEventKind
{
    /// <summary>Noun and past participle, such as <c>assignment.given</c>. Never given another meaning.</summary>
    string Word { get; }

    /// <summary>Of the body: rises when a member goes or changes its meaning. A new member does not raise it.</summary>
    int Version { get; }
}

/// <summary>Something other parts may want to hear of when they do not need an answer now.</summary>
/// <param name="Word">See <see cref="IEventKind.Word"/>.</param>
/// <param name="Version">See <see cref="IEventKind.Version"/>.</param>
/// <param name="Json">How the body is written.</param>
public sealed record EventKind<TBody>(string Word, int Version, JsonTypeInfo<TBody> Json) : IEventKind;

/// <summary>What and whom an event is about.</summary>
/// <param name="SubjectType">As in the audit log: assignment, read_cycle.</param>
/// <param name="SubjectId">The thing's id.</param>
public readonly record struct EventAbout(string SubjectType, Guid SubjectId)
{
    /// <summary>The person whose work or proposal it is; null where it is nobody's.</summary>
    public UserId? UserId { get; init; }

    /// <summary>Null where the change does not know it, or it lies in none.</summary>
    public RegionId? RegionId { get; init; }
}
