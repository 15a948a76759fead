namespace MeterSync.Metering;

/// <summary>What a meter measures. Fixes the default unit and the floors and medians of the VEE rules.</summary>
public enum MeterType
{
    Electric,
    Water,
    Gas,
    Heat,
}

/// <summary>Whether the meter is in use. Only <see cref="Active"/> meters are expected to show use.</summary>
public enum MeterStatus
{
    Active,
    Inactive,
    Maintenance,
    OutOfService,
}

/// <summary>How much it matters that a meter is read.</summary>
public enum MeterPriority
{
    Low,
    Medium,
    High,
    Critical,
}
