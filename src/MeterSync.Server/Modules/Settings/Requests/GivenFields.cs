using System.Runtime.CompilerServices;

namespace MeterSync.Modules.Settings.Requests;

/// <summary>Remembers which fields a caller gave: null resets a value to the configuration's, a field left out stays as it is.</summary>
internal abstract class GivenFields
{
    private readonly HashSet<string> given = new(StringComparer.Ordinal);

    /// <summary>The new value of a stored field.</summary>
    public T? Or<T>(T? asked, T? stored, string name) => given.Contains(name) ? asked : stored;

    public bool Gives(string name) => given.Contains(name);

    protected T Take<T>(T value, [CallerMemberName] string name = "")
    {
        given.Add(name);
        return value;
    }
}
