using System.Text.Json;
using MeterSync.Metering.Vee;
using Xunit;

namespace MeterSync.Tests.Scenarios;

public sealed class VeeScenarioTests
{
    public static TheoryData<string> Names => [.. ScenarioFiles.Names()];

    [Theory]
    [MemberData(nameof(Names))]
    public void Judges_as_the_scenario_says(string name)
    {
        var then = ScenarioFiles.ReadThen(name);
        var verdict = Then.Of(Validation.Run(ScenarioFiles.ReadWhen(name).Check()));

        Assert.Equal(
            string.Join('\n', then.Findings.Select(finding => $"{finding.Rule} {finding.Effect}")),
            string.Join('\n', verdict.Findings.Select(finding => $"{finding.Rule} {finding.Effect}")));
        foreach (var (expected, actual) in then.Findings.Zip(verdict.Findings).Where(pair => pair.First.Message is not null))
        {
            Assert.Equal(expected.Message, actual.Message);
        }

        Assert.Equal((then.State, then.Quality), (verdict.State, verdict.Quality));
        Assert.Equal(then.Consumption ?? verdict.Consumption, verdict.Consumption);
        Assert.Equal(then.Days ?? verdict.Days, verdict.Days);
        Assert.Equal(then.AverageDailyUse ?? verdict.AverageDailyUse, verdict.AverageDailyUse);
        Assert.Equal(then.RolledOver ?? verdict.RolledOver, verdict.RolledOver);
        Assert.Equal(then.VoidsEstimate ?? verdict.VoidsEstimate, verdict.VoidsEstimate);
        Assert.Equal(then.VoidsNextEstimate ?? verdict.VoidsNextEstimate, verdict.VoidsNextEstimate);
        Assert.Equal(then.Expected ?? verdict.Expected, verdict.Expected);
    }

    [Fact]
    public void Every_rule_has_a_scenario_where_it_fails_and_one_where_it_does_not()
    {
        foreach (var rule in VeeRules.All)
        {
            var own = ScenarioFiles.Names().Where(name => name.StartsWith(rule.Id + "/", StringComparison.Ordinal)).Select(ScenarioFiles.ReadThen).ToList();
            Assert.True(own.Exists(then => then.Findings.Any(finding => finding.Rule == rule.Id)), $"{rule.Id} has no scenario in which it fails.");
            Assert.True(own.Exists(then => then.Findings.All(finding => finding.Rule != rule.Id)), $"{rule.Id} has no scenario in which it passes.");
        }
    }

    [Fact]
    public void Every_scenario_stands_under_a_known_rule()
    {
        var ids = VeeRules.All.Select(rule => rule.Id).ToHashSet(StringComparer.Ordinal);
        Assert.NotEmpty(ScenarioFiles.Names());
        Assert.All(ScenarioFiles.Names(), name => Assert.Contains(name.Split('/')[0], ids));
    }

    [Theory]
    [InlineData("""{ "state": "accepted", "quality": "valid", "findings": [], "consumtion": "1" }""")]
    [InlineData("""{ "state": "accepted", "findings": [] }""")]
    [InlineData("""{ "state": "accepted", "quality": "valid", "findings": [ { "rule": "VEE-101", "effect": 1 } ] }""")]
    public void An_unknown_missing_or_numbered_key_in_a_scenario_fails(string then) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Then>(then, ScenarioFiles.Json));
}
