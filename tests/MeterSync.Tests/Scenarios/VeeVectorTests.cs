using System.Text.Json;
using MeterSync.Metering;
using MeterSync.Metering.Vee;
using MeterSync.Metering.Vee.Rules;
using Xunit;

namespace MeterSync.Tests.Scenarios;

internal sealed record LimitsJson(
    DateTimeOffset At, string Multiplier, bool RunsBackwards, decimal? LastValue = null, DateTimeOffset? LastAt = null, decimal? LowValue = null,
    decimal? HighValue = null, decimal? ExpectedValue = null, int? Digits = null, int? Decimals = null, decimal? MaximumUsePerDay = null);

internal sealed record DeviceJson(LimitsJson Limits, string[] Warnings);

internal sealed record VectorJson(string Name, When When, Then Then, DeviceJson? Device = null);

internal sealed record VectorFile(int Version, VectorJson[] Vectors);

/// <summary>samples/vectors/vee.json is the scenarios with everything the server says of them; other languages run the same file.</summary>
public sealed class VeeVectorTests
{
    private const int Version = 1;
    private static readonly string PathOfVectors = Path.Combine(ScenarioFiles.Repository, "samples", "vectors", "vee.json");
    private static readonly string[] DeviceRules = [DigitsRule.RuleId, NegativeUseRule.RuleId, RolloverRule.RuleId, HighUseRule.RuleId, LowUseRule.RuleId];

    [Fact]
    public void The_vectors_say_what_the_rules_say()
    {
        var expected = JsonSerializer.Serialize(new VectorFile(Version, [.. ScenarioFiles.Names().Select(VectorOf)]), ScenarioFiles.Json) + "\n";
        if (Environment.GetEnvironmentVariable("METERSYNC_WRITE_VECTORS") == "1")
        {
            File.WriteAllText(PathOfVectors, expected);
        }

        Assert.Equal(expected, File.ReadAllText(PathOfVectors));
    }

    [Fact]
    public void A_device_with_the_limits_finds_what_the_server_finds()
    {
        var vectors = JsonSerializer.Deserialize<VectorFile>(File.ReadAllText(PathOfVectors), ScenarioFiles.Json)!.Vectors
            .Where(vector => vector.Device is not null && vector.When.Next is null && !vector.When.Register.RunsBackwards).ToList();
        Assert.True(vectors.Count >= 20);
        foreach (var vector in vectors)
        {
            Assert.Equal(
                vector.Then.Findings.Select(finding => finding.Rule).Intersect(DeviceRules),
                vector.Device!.Warnings.Intersect(DeviceRules));
        }
    }

    private static VectorJson VectorOf(string name)
    {
        var when = ScenarioFiles.ReadWhen(name);
        var check = when.Check();
        return new VectorJson(name, when, Then.Of(Validation.Run(check)), check.Register.Kind is RegisterKind.Cumulative ? Device(check) : null);
    }

    private static DeviceJson Device(RegisterCheck check)
    {
        var from = check.Previous is { IsEstimate: true } && check.LastActual is not null ? check.LastActual : check.Previous;
        var limits = ExpectedLimits.For(
            check.MeterType, check.Register, check.History, from, check.ReadingAt, check.TypeMedianUsePerDay, VeeParameters.Default);
        return new DeviceJson(
            new LimitsJson(
                limits.At, Words(limits.Multiplier), limits.RunsBackwards, limits.LastValue, limits.LastAt, limits.LowValue, limits.HighValue,
                limits.ExpectedValue, limits.Digits, limits.Decimals, limits.MaximumUsePerDay),
            [.. limits.WarningsFor(check.Value)]);
    }

    private static string Words(decimal value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
