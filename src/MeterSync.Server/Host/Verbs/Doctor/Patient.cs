using MeterSync.Store;

namespace MeterSync.Host.Verbs.Doctor;

/// <summary>The installation under examination.</summary>
/// <param name="Data">Data directory.</param>
/// <param name="Urls">Where it is going to listen.</param>
/// <param name="Settings">Settings as <c>--Section:Key=value</c>.</param>
/// <param name="Configuration">All settings together; empty when they could not be read.</param>
/// <param name="Clock">The machine's.</param>
internal sealed record Patient(DataDirectory Data, string Urls, IReadOnlyList<string> Settings, IConfiguration Configuration, TimeProvider Clock)
{
    public StoreOptions Store { get; } = ServerConfiguration.StoreOf(Configuration);
}
