using MeterSync.Store;

namespace MeterSync.Host;

/// <summary>What the command line asked of a server.</summary>
/// <param name="Data">Data directory.</param>
/// <param name="Urls">Addresses to listen on; null listens on the local socket alone.</param>
/// <param name="Demo">Load the demonstration data and accounts.</param>
/// <param name="SocketFile">Unix socket for verbs; null for none.</param>
/// <param name="Arguments">Further configuration as <c>--Section:Key=value</c>.</param>
internal sealed record ServerStart(DataDirectory Data, string? Urls, bool Demo, string? SocketFile, IReadOnlyList<string> Arguments)
{
    /// <summary>A verb's own server: warnings and worse only, in plain lines.</summary>
    public bool Quiet { get; init; }

    /// <summary>The one module whose routes answer, for a verb that asks no other; null for all.</summary>
    public string? OnlyModule { get; init; }
}
