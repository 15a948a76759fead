namespace MeterSync.Host.Auth;

/// <summary>Marks a connection that came over the data directory's socket: whoever can open it owns the data.</summary>
internal sealed class LocalOperatorConnection
{
    public static readonly LocalOperatorConnection Instance = new();
}
