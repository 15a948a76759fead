namespace MeterSync.Kernel.Telemetry;

/// <summary>Whether something goes on that a module does by itself. Costs no query: what it needs is kept as it goes.</summary>
public interface IHealthProbe
{
    /// <summary>One word, as <c>/health</c> lists it.</summary>
    string Name { get; }

    /// <summary>What is wrong and the fix, or what was seen.</summary>
    (bool IsHealthy, string Message) Look();
}
