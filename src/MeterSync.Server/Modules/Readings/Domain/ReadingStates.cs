using MeterSync.Metering;

namespace MeterSync.Modules.Readings.Domain;

/// <summary>A reading stands where its worst live value stands: held before rejected before accepted. Without a live value it is superseded.</summary>
internal static class ReadingStates
{
    public static ReadingState WorstOf(IEnumerable<ReadingValue> values)
    {
        var worst = ReadingState.Superseded;
        foreach (var value in values)
        {
            if (Weight(value.State) > Weight(worst))
            {
                worst = value.State;
            }
        }

        return worst;
    }

    public static Quality WorstQualityOf(IEnumerable<ReadingValue> values)
    {
        var worst = Quality.Valid;
        foreach (var value in values)
        {
            if (Weight(value.Quality) > Weight(worst))
            {
                worst = value.Quality;
            }
        }

        return worst;
    }

    private static int Weight(ReadingState state) => state switch
    {
        ReadingState.Held => 4,
        ReadingState.Captured => 3,
        ReadingState.Rejected => 2,
        ReadingState.Accepted => 1,
        _ => 0,
    };

    private static int Weight(Quality quality) => quality switch
    {
        Quality.Rejected => 4,
        Quality.Suspect => 3,
        Quality.Estimated => 2,
        Quality.Edited => 1,
        _ => 0,
    };
}
