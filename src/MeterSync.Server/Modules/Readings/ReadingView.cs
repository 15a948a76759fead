using System.Text.Json.Serialization;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Metering.Registers;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Readings.Store;

namespace MeterSync.Modules.Readings;

/// <summary>A reading as the API shows it.</summary>
/// <param name="Id">The reading.</param>
/// <param name="ClientId">The id its sender made; null where none was sent.</param>
/// <param name="MeterId">The meter.</param>
/// <param name="SerialNumber">The meter's serial number.</param>
/// <param name="ReadingValue">Value of the main register, before the multiplier; null where it was not read.</param>
/// <param name="ReadingTimestamp">When the register was read.</param>
/// <param name="ReceivedAt">When we got it.</param>
/// <param name="AgentId">Who read it.</param>
/// <param name="Evidence">Whether the photos it names, by SHA-256 or id, are here: none named, pending, complete, or missing after their days.</param>
/// <param name="State">The worst state of its live values.</param>
/// <param name="Quality">The worst quality of its live values.</param>
/// <param name="Verified">Whether a person with the right confirmed it.</param>
/// <param name="DecisionNote">What the person wrote who last verified, rejected or corrected it.</param>
/// <param name="Version">The ETag.</param>
/// <param name="Values">Live values, by register.</param>
/// <param name="Superseded">Values that were corrected or voided, newest first; only where one reading is shown.</param>
internal sealed record ReadingView(
    Guid Id,
    Guid? ClientId,
    Guid MeterId,
    string? SerialNumber,
    decimal? ReadingValue,
    DateTimeOffset ReadingTimestamp,
    DateTimeOffset ReceivedAt,
    ReadingSource Source,
    Guid? AgentId,
    string? DeviceId,
    LocationView? Location,
    string? Notes,
    string? PhotoUrl,
    IReadOnlyList<string> Photos,
    ReadingEvidence Evidence,
    bool DoubleEntered,
    ReadingState State,
    Quality Quality,
    bool Verified,
    DateTimeOffset? VerifiedAt,
    Guid? VerifiedBy,
    DateTimeOffset? DecidedAt,
    Guid? DecidedBy,
    string? DecisionNote,
    int Version,
    IReadOnlyList<ReadingValueView> Values,
    IReadOnlyList<ReadingValueView>? Superseded)
{
    /// <param name="found">Reading and values, by register.</param>
    /// <param name="serialNumber">Of its meter; null unknown.</param>
    /// <param name="registers">Of its meter, for labels and units; null where the meter is gone.</param>
    /// <param name="withSuperseded">Whether corrected values are shown.</param>
    /// <param name="judged">Values judged just now, for what was expected of them; null reads what was stored.</param>
    public static ReadingView Of(ReadingWithValues found, string? serialNumber, IReadOnlyList<RegisterForReading>? registers, bool withSuperseded, IReadOnlyList<JudgedValue>? judged = null)
    {
        var reading = found.Reading;
        var live = new List<ReadingValueView>(found.Values.Count);
        List<ReadingValueView>? superseded = withSuperseded ? [] : null;
        decimal? main = null;
        var quality = ReadingStates.WorstQualityOf(found.Live);
        foreach (var value in found.Values)
        {
            if (value.IsLive)
            {
                live.Add(ReadingValueView.Of(value, registers, judged));
                main = value.Ordinal == 1 ? value.Value : main;
            }
            else
            {
                superseded?.Add(ReadingValueView.Of(value, registers, null));
            }
        }

        return new ReadingView(
            reading.Id.Value,
            reading.ClientId,
            reading.MeterId.Value,
            serialNumber,
            main,
            reading.ReadingAt,
            reading.ReceivedAt,
            reading.Source,
            reading.AgentId?.Value,
            reading.DeviceId,
            reading is { Latitude: { } latitude, Longitude: { } longitude } ? new LocationView(latitude, longitude, reading.AccuracyMetres) : null,
            reading.Notes,
            reading.PhotoUrl,
            PhotoList.Of(reading.Photos),
            reading.Evidence ?? ReadingEvidence.None,
            reading.DoubleEntered,
            reading.State,
            quality,
            reading.VerifiedAt is not null,
            reading.VerifiedAt,
            reading.VerifiedBy?.Value,
            reading.DecidedAt,
            reading.DecidedBy?.Value,
            reading.DecisionNote,
            reading.Version,
            live,
            superseded);
    }
}

/// <param name="Latitude">Degrees north, WGS 84.</param>
/// <param name="Longitude">Degrees east, WGS 84.</param>
/// <param name="AccuracyM">Radius of uncertainty in metres; null unknown.</param>
internal sealed record LocationView(double Latitude, double Longitude, double? AccuracyM);

/// <summary>One register's value.</summary>
/// <param name="Ordinal">The register's place in its meter; 1 is the main one.</param>
/// <param name="Label">What the display calls the register.</param>
/// <param name="Unit">Unit of value, consumption and use when the register was read.</param>
/// <param name="Value">What the register showed, before the multiplier.</param>
/// <param name="SupersedesId">The value this one corrects.</param>
internal sealed record ReadingValueView(Guid Id, Guid RegisterId, int Ordinal, string? Label, string? Unit, decimal Value, VerdictView Verdict, Guid? SupersedesId)
{
    /// <summary>How it was estimated; left out where it was read, or estimated elsewhere.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EstimateView? Estimate { get; init; }

    public static ReadingValueView Of(ReadingValue value, IReadOnlyList<RegisterForReading>? registers, IReadOnlyList<JudgedValue>? judged)
    {
        var register = registers?.FirstOrDefault(candidate => candidate.Id == value.RegisterId);
        var fresh = judged?.FirstOrDefault(candidate => candidate.Value.Id == value.Id)?.Verdict;
        var verdict = new VerdictView(
            value.State,
            value.Quality,
            FlagText.Split(value.Flags),
            Verdicts.FindingsOf(value.Findings),
            value.Consumption,
            value.Days,
            value is { Consumption: { } use, Days: { } days } ? Consumption.PerDay(use, days) : null,
            fresh is null ? Verdicts.ExpectedOf(value.Expected) : Verdicts.ExpectedOf(fresh),
            FlagText.Has(value.Flags, Metering.Vee.Rules.RolloverRule.RuleId));
        return new ReadingValueView(value.Id.Value, value.RegisterId.Value, value.Ordinal, register?.Label, register?.At(value.ReadingAt).Unit, value.Value, verdict, value.SupersedesId?.Value)
        {
            Estimate = StoredEstimate.Of(value.Estimate),
        };
    }
}

/// <summary>What the rules, and people after them, say of a value.</summary>
/// <param name="Flags">Ids of the rules that spoke, in order.</param>
/// <param name="Findings">What they said.</param>
/// <param name="Consumption">Use since the accepted value before, after the multiplier; null where there is none or the register is not cumulative.</param>
/// <param name="Days">Days since then, two decimals.</param>
/// <param name="AverageDailyUse">Use per day, six decimals.</param>
/// <param name="Expected">What was to be expected; kept where a rule spoke, shown to the sender always.</param>
/// <param name="RolledOver">The register passed its highest value on the way.</param>
internal sealed record VerdictView(
    ReadingState State,
    Quality Quality,
    IReadOnlyList<string> Flags,
    IReadOnlyList<FindingView> Findings,
    decimal? Consumption,
    decimal? Days,
    decimal? AverageDailyUse,
    ExpectedView? Expected,
    bool RolledOver);
