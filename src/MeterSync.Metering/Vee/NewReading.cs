namespace MeterSync.Metering.Vee;

/// <summary>One value of one register as it arrives, before anything is known of its past. Meanings as in <see cref="RegisterCheck"/>.</summary>
public sealed record NewReading
{
    public required decimal Value { get; init; }

    public required DateTimeOffset ReadingAt { get; init; }

    public required DateTimeOffset Now { get; init; }

    public ReadingSource Source { get; init; } = ReadingSource.Manual;

    public bool DoubleEntered { get; init; }

    public ReadingPosition? Position { get; init; }

    public ServicePosition? ServicePoint { get; init; }

    public string? ReadBy { get; init; }

    public IReadOnlyList<OtherVisit> OtherVisits { get; init; } = [];
}
