namespace MeterSync.Metering.Registers;

/// <summary>A register configuration and the instant from which it holds (inclusive), until the next one begins.</summary>
/// <param name="EffectiveFrom">Inclusive. The caller turns a local day into its first instant.</param>
/// <param name="Configuration">The configuration in force.</param>
public sealed record EffectiveConfiguration(DateTimeOffset EffectiveFrom, RegisterConfiguration Configuration);
