using System.Diagnostics.Metrics;

namespace MeterSync.Kernel.Telemetry;

/// <summary>Tells how much of something there is now.</summary>
public interface IGaugeSource
{
    /// <summary>Makes the instruments. A gauge without a number known tells nothing.</summary>
    void Register(Meter meter);

    /// <summary>Looks anew. Called before numbers are told, at most every fifteen seconds however many ask; what it throws leaves the numbers untold.</summary>
    Task RefreshAsync(CancellationToken cancellationToken);
}
