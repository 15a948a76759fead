namespace MeterSync.Metering;

/// <summary>How the position of a service point came to be known. Only a surveyed one can hold a reading (VEE-112).</summary>
public enum PositionProvenance
{
    Unknown,
    Geocoded,
    Surveyed,
}
