namespace MeterSync.Kernel;

/// <summary>Something a module does after the schema is current and before the first request is taken. Runs at every start: it must be idempotent.</summary>
public interface IStartTask
{
    Task RunAsync(StartRequest start, CancellationToken cancellationToken);
}

/// <param name="Demo">Whether demonstration accounts and data were asked for.</param>
/// <param name="OpenToNetwork">Whether other machines can reach an address the server listens on.</param>
/// <param name="Announce">Says a line to the person who starts the server.</param>
public sealed record StartRequest(bool Demo, bool OpenToNetwork, Action<string> Announce);
