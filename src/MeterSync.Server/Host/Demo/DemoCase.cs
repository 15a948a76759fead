using MeterSync.Metering;

namespace MeterSync.Host.Demo;

/// <summary>What single meters of the demo are there to show: the words in their metadata's <c>demo_case</c>.</summary>
internal static class DemoCase
{
    /// <summary>The register passed its highest value: accepted, flag VEE-104.</summary>
    public const string Rollover = "rollover";

    /// <summary>Water runs: the newest reading is held, VEE-105.</summary>
    public const string Leak = "leak";

    /// <summary>An estimate was too high; the reading after it voids it.</summary>
    public const string OverEstimate = "over_estimate";

    /// <summary>The newest reading is of another meter: held, VEE-103.</summary>
    public const string SwappedMeter = "swapped_meter";

    /// <summary>Two digits changed places: held.</summary>
    public const string Misread = "misread";

    /// <summary>Nobody lives there any more: flagged, then held, VEE-107.</summary>
    public const string ZeroUse = "zero_use";

    /// <summary>An inactive meter that stands still, as it should.</summary>
    public const string Inactive = "inactive";

    /// <summary>An inactive meter that moved: held, VEE-109.</summary>
    public const string UseOnInactive = "use_on_inactive";

    /// <summary>A day and a night register.</summary>
    public const string TwoRegisters = "two_registers";

    /// <summary>Read through current transformers: one step is 40 kWh.</summary>
    public const string CurrentTransformer = "current_transformer";

    private static readonly Dictionary<(int Household, MeterType Type), string> Told = new()
    {
        [(11, MeterType.Gas)] = Rollover,
        [(21, MeterType.Gas)] = Rollover,
        [(17, MeterType.Electric)] = Rollover,
        [(26, MeterType.Water)] = Leak,
        [(73, MeterType.Water)] = Leak,
        [(34, MeterType.Electric)] = OverEstimate,
        [(31, MeterType.Gas)] = OverEstimate,
        [(52, MeterType.Electric)] = SwappedMeter,
        [(66, MeterType.Water)] = SwappedMeter,
        [(58, MeterType.Electric)] = Misread,
        [(83, MeterType.Gas)] = Misread,
        [(91, MeterType.Water)] = Misread,
        [(95, MeterType.Electric)] = ZeroUse,
        [(102, MeterType.Water)] = ZeroUse,
        [(112, MeterType.Electric)] = Inactive,
        [(118, MeterType.Electric)] = Inactive,
        [(126, MeterType.Water)] = Inactive,
        [(131, MeterType.Electric)] = UseOnInactive,
    };

    /// <summary>What the meter of that type in that household shows, or null.</summary>
    public static string? Of(int household, MeterType type) => (household, type) switch
    {
        (_, MeterType.Electric) when household < DemoFleet.TransformerHouseholds => CurrentTransformer,
        _ when Told.TryGetValue((household, type), out var told) => told,
        (_, MeterType.Electric) when household % 8 == 4 => TwoRegisters,
        _ => null,
    };

    /// <summary>Whether the story needs every visit of the two years, the newest too.</summary>
    public static bool NeedsEveryVisit(string? demoCase) => demoCase is not (null or TwoRegisters or CurrentTransformer);
}
