using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Domain;

namespace MeterSync.Modules.Meters.Requests;

/// <summary>A meter and its service point as a caller describes them. It remembers which fields were given: PATCH changes those, PUT sets the others back.</summary>
internal sealed class MeterRequest
{
    private readonly HashSet<string> given = new(StringComparer.Ordinal);

    [PlainText(MeterLimits.SerialNumber)]
    public string? SerialNumber { get; set => field = Take(value); }

    [TermOf(typeof(MeterType))]
    public string? MeterType { get; set => field = Take(value); }

    /// <summary>The same as <c>meter_type</c>.</summary>
    [TermOf(typeof(MeterType))]
    public string? Type { get; set => field = Take(value); }

    [TermOf(typeof(MeterStatus))]
    public string? Status { get; set => field = Take(value); }

    [TermOf(typeof(MeterPriority))]
    public string? Priority { get; set => field = Take(value); }

    [PlainText(MeterLimits.Address, AllowLines = true)]
    public string? Address { get; set => field = Take(value); }

    [PlainText(MeterLimits.Word)]
    public string? LocationId { get; set => field = Take(value); }

    /// <summary>The region the service point lies in; null for none.</summary>
    public Guid? RegionId { get; set => field = Take(value); }

    [PlainText(MeterLimits.Owner)]
    public string? Owner { get; set => field = Take(value); }

    public PositionRequest? Coordinates { get; set => field = Take(value); }

    /// <summary>The same as <c>coordinates</c>.</summary>
    public PositionRequest? Location { get; set => field = Take(value); }

    [Range(-90d, 90d)]
    public double? Latitude { get; set => field = Take(value); }

    [Range(-180d, 180d)]
    public double? Longitude { get; set => field = Take(value); }

    [Range(-90d, 90d)]
    public double? Lat { get; set => field = Take(value); }

    [Range(-180d, 180d)]
    public double? Lng { get; set => field = Take(value); }

    [TermOf(typeof(PositionProvenance))]
    public string? PositionSource { get; set => field = Take(value); }

    [Metadata]
    public JsonElement? Metadata { get; set => field = Take(value); }

    /// <summary>Minutes a visit takes.</summary>
    [Range(1, MeterLimits.EstimatedMinutes)]
    public int? EstimatedTime { get; set => field = Take(value); }

    /// <summary>Whether every reading needs a photo; no where left out.</summary>
    public bool? RequiresPhoto { get; set => field = Take(value); }

    [TimeZoneName]
    public string? TimeZone { get; set => field = Take(value); }

    [PlainText(MeterLimits.Notes, AllowLines = true)]
    public string? AccessNotes { get; set => field = Take(value); }

    [PlainText(MeterLimits.Notes, AllowLines = true)]
    public string? HazardNotes { get; set => field = Take(value); }

    [PlainText(MeterLimits.Word)]
    public string? KeyNumber { get; set => field = Take(value); }

    [PlainText(MeterLimits.Word)]
    public string? ExternalId { get; set => field = Take(value); }

    /// <summary>Only when the meter is made; null where the day is not known.</summary>
    public DateTimeOffset? InstalledAt { get; set => field = Take(value); }

    /// <summary>Only when the meter is made; later through its registers' own routes. Without it the meter gets one register by its type.</summary>
    [MaxLength(RegisterLimits.MaximumRegisters)]
    public IReadOnlyList<RegisterRequest>? Registers { get; set => field = Take(value); }

    /// <summary>Of the one register made where <c>registers</c> is left out.</summary>
    [Range(1, RegisterLimits.MaximumDigits)]
    public int? Digits { get; set => field = Take(value); }

    /// <inheritdoc cref="Digits"/>
    [Range(0, RegisterLimits.MaximumDecimals)]
    public int? Decimals { get; set => field = Take(value); }

    /// <inheritdoc cref="Digits"/>
    [PlainText(20)]
    public string? Unit { get; set => field = Take(value); }

    /// <inheritdoc cref="Digits"/>
    [Range(0.000001d, RegisterLimits.MaximumMultiplier), SixDecimals]
    public decimal? Multiplier { get; set => field = Take(value); }

    public bool Gives(string name) => given.Contains(name);

    /// <summary>Something is said about where the meter is.</summary>
    public bool NamesPlace => given.Overlaps(Places);

    private static readonly string[] Places =
    [
        nameof(Address), nameof(LocationId), nameof(RegionId), nameof(Owner), nameof(Coordinates), nameof(Location), nameof(Latitude), nameof(Longitude), nameof(Lat), nameof(Lng),
        nameof(PositionSource), nameof(TimeZone), nameof(AccessNotes), nameof(HazardNotes), nameof(KeyNumber), nameof(ExternalId),
    ];

    private T Take<T>(T value, [CallerMemberName] string name = "")
    {
        given.Add(name);
        return value;
    }
}

/// <summary>The most that fits, in characters unless the name says otherwise.</summary>
internal static class MeterLimits
{
    public const int SerialNumber = 100;
    public const int Address = 500;
    public const int Owner = 200;
    public const int Word = 100;
    public const int Notes = 2000;

    /// <summary>One day.</summary>
    public const int EstimatedMinutes = 1440;
}
