namespace MeterSync.Metering.Registers;

/// <summary>An accepted value of the same register at another instant.</summary>
/// <param name="Value">Register value, not multiplied.</param>
/// <param name="At">Instant of the reading.</param>
/// <param name="IsEstimate">True when nobody read it.</param>
public readonly record struct PriorValue(decimal Value, DateTimeOffset At, bool IsEstimate = false);
