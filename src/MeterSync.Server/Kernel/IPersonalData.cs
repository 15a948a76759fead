using System.Text.Json;

namespace MeterSync.Kernel;

/// <summary>A place that knows something about persons who sign in: it tells what, and forgets it. Each is asked in turn.</summary>
public interface IPersonalData
{
    /// <summary>Name of its part in the answer, in snake_case.</summary>
    string Section { get; }

    /// <summary>Writes one JSON value: all it knows about the person. Flushes as it goes, so that a person with a million readings needs no more memory than one with ten.</summary>
    Task WriteAsync(Utf8JsonWriter json, UserId person, CancellationToken cancellationToken);

    /// <summary>Forgets the person in the caller's transaction; what must stay as a fact loses its tie to a name. Erasing twice is erasing once.</summary>
    Task EraseAsync(UserId person, CancellationToken cancellationToken);
}

/// <summary>What stands where something personal was.</summary>
public static class Forgotten
{
    /// <summary>The person was erased.</summary>
    public const string Text = "(erased)";

    /// <summary>The keys in the data directory that would open it are gone.</summary>
    public const string Unreadable = "(unreadable)";
}
