using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MeterSync.Metering;
using MeterSync.Metering.Registers;
using MeterSync.Metering.Vee;

namespace MeterSync.Tests.Scenarios;

internal sealed record MeterJson(MeterType Type, MeterStatus Status = MeterStatus.Active);

internal sealed record RegisterJson(
    string Quantity, string Unit, int? Digits = null, int? Decimals = null, RegisterKind Kind = RegisterKind.Cumulative, string Multiplier = "1",
    FlowDirection Direction = FlowDirection.Import, bool RunsBackwards = false, decimal? MaximumUsePerDay = null);

internal sealed record PriorJson(decimal Value, DateTimeOffset At, bool Estimate = false);

internal sealed record PeriodJson(DateTimeOffset Start, DateTimeOffset End, decimal Consumption, Quality Quality = Quality.Valid, string[]? Flags = null);

internal sealed record PositionJson(double Latitude, double Longitude, double AccuracyM);

internal sealed record ServicePointJson(double Latitude, double Longitude, PositionProvenance Provenance);

internal sealed record VisitJson(decimal Value, DateTimeOffset At, string By);

internal sealed record When(
    string Description, MeterJson Meter, RegisterJson Register, decimal Value, DateTimeOffset ReadingAt, DateTimeOffset? Now = null,
    ReadingSource Source = ReadingSource.Manual, PriorJson? Previous = null, PriorJson? LastActual = null, PriorJson? Next = null,
    PeriodJson[]? History = null, decimal? TypeMedianUsePerDay = null, bool DoubleEntered = false, PositionJson? Position = null,
    ServicePointJson? ServicePoint = null, int ConsecutiveEstimates = 0, int? DaysWithoutPhoto = null, string? ReadBy = null, VisitJson[]? OtherVisits = null)
{
    internal RegisterCheck Check() => new()
    {
        MeterType = Meter.Type,
        MeterStatus = Meter.Status,
        Register = new RegisterConfiguration
        {
            Kind = Register.Kind,
            Quantity = Register.Quantity,
            Unit = Register.Unit,
            Digits = Register.Digits,
            Decimals = Register.Decimals,
            Multiplier = decimal.Parse(Register.Multiplier, CultureInfo.InvariantCulture),
            Direction = Register.Direction,
            RunsBackwards = Register.RunsBackwards,
            MaximumUsePerDay = Register.MaximumUsePerDay,
        },
        Value = Value,
        ReadingAt = ReadingAt,
        Now = Now ?? ReadingAt,
        Source = Source,
        Previous = Prior(Previous),
        LastActual = Prior(LastActual),
        Next = Prior(Next),
        History = [.. (History ?? []).Select(period => PeriodUse.Of(period.Start, period.End, period.Consumption, period.Quality, period.Flags))],
        TypeMedianUsePerDay = TypeMedianUsePerDay,
        DoubleEntered = DoubleEntered,
        Position = Position is null ? null : new ReadingPosition(Position.Latitude, Position.Longitude, Position.AccuracyM),
        ServicePoint = ServicePoint is null ? null : new ServicePosition(ServicePoint.Latitude, ServicePoint.Longitude, ServicePoint.Provenance),
        ConsecutiveEstimates = ConsecutiveEstimates,
        DaysWithoutPhoto = DaysWithoutPhoto,
        ReadBy = ReadBy,
        OtherVisits = [.. (OtherVisits ?? []).Select(visit => new OtherVisit(visit.Value, visit.At, visit.By))],
    };

    private static PriorValue? Prior(PriorJson? prior) => prior is null ? null : new PriorValue(prior.Value, prior.At, prior.Estimate);
}

internal sealed record FindingJson(string Rule, FindingEffect Effect, string? Message = null);

internal sealed record ExpectedJson(
    decimal AverageDailyUse, ExpectedUseMethod Method, decimal? SamePeriodLastYear = null, decimal? RecentPeriods = null, decimal? LowValue = null, decimal? HighValue = null);

/// <summary>Expected outcome. State, quality and findings are always compared; the rest where it is written.</summary>
internal sealed record Then(
    ReadingState State, Quality Quality, FindingJson[] Findings, decimal? Consumption = null, decimal? Days = null, decimal? AverageDailyUse = null,
    bool? RolledOver = null, bool? VoidsEstimate = null, bool? VoidsNextEstimate = null, ExpectedJson? Expected = null)
{
    internal static Then Of(RegisterVerdict verdict) => new(
        verdict.State,
        verdict.Quality,
        [.. verdict.Findings.Select(finding => new FindingJson(finding.RuleId, finding.Effect, finding.Message))],
        verdict.Consumption,
        verdict.Days,
        verdict.AverageDailyUse,
        verdict.RolledOver,
        verdict.VoidsEstimate,
        verdict.VoidsNextEstimate,
        verdict.Expected is ExpectedUse expected
            ? new ExpectedJson(expected.AverageDailyUse, expected.Method, expected.SamePeriodLastYear, expected.RecentPeriods, expected.LowValue, expected.HighValue)
            : null);
}

internal static class ScenarioFiles
{
    internal static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, false), new DecimalText(), new UtcText() },
    };

    internal static string Repository { get; } = FindRepository();

    internal static string Folder { get; } = Path.Combine(Repository, "tests", "MeterSync.Tests", "Scenarios");

    /// <summary>Names such as <c>VEE-105/twice-both-baselines</c>.</summary>
    internal static IReadOnlyList<string> Names() => [.. Directory.EnumerateDirectories(Folder, "VEE-*")
        .SelectMany(Directory.EnumerateDirectories)
        .Select(folder => Path.GetRelativePath(Folder, folder).Replace('\\', '/'))
        .Order(StringComparer.Ordinal)];

    internal static When ReadWhen(string name) => JsonSerializer.Deserialize<When>(File.ReadAllText(Path.Combine(Folder, name, "when.json")), Json)!;

    internal static Then ReadThen(string name) => JsonSerializer.Deserialize<Then>(File.ReadAllText(Path.Combine(Folder, name, "then.json")), Json)!;

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MeterSync.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("No MeterSync.slnx above the test program.");
    }

    /// <summary>Decimals travel as strings: a JSON number is a double in most languages.</summary>
    private sealed class DecimalText : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            decimal.Parse(reader.GetString()!, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString("0.############################", CultureInfo.InvariantCulture));
    }

    /// <summary>Instants are written in UTC with a Z; any offset is read.</summary>
    private sealed class UtcText : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            DateTimeOffset.Parse(reader.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
    }
}
