using System.Text.RegularExpressions;
using MeterSync.Metering.Vee;
using MeterSync.Tests.Scenarios;
using Xunit;

namespace MeterSync.Tests.Metering;

public sealed partial class VeeRulesTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(ScenarioFiles.Repository, "docs", "vee-rules.md"));

    [GeneratedRegex(@"^### (VEE-\d{3}) ", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [Fact]
    public void The_document_lists_every_rule_with_its_meaning_effect_and_defaults()
    {
        Assert.Equal(VeeRules.All.Select(rule => rule.Id), Heading().Matches(Document).Select(match => match.Groups[1].Value));
        foreach (var rule in VeeRules.All)
        {
            var section = Document[Document.IndexOf($"### {rule.Id} {rule.Name}\n", StringComparison.Ordinal)..];
            section = section[..section.IndexOf("\n#", 5, StringComparison.Ordinal)];
            Assert.Contains(rule.Meaning, section, StringComparison.Ordinal);
            Assert.Contains($"| Default | {rule.DefaultParameters} |", section, StringComparison.Ordinal);
            Assert.Contains($"| Effect | {Words(rule.Effect)} |", section, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_document_quotes_sentences_the_rules_really_say()
    {
        var said = ScenarioFiles.Names().SelectMany(name => ScenarioFiles.ReadWhen(name).Check() is var check ? Validation.Run(check).Findings : [])
            .Select(finding => finding.Message).ToHashSet(StringComparer.Ordinal);
        var quoted = Document.Split('\n').Where(line => line.StartsWith("| Says, for example | ", StringComparison.Ordinal))
            .Select(line => line["| Says, for example | ".Length..^2]).ToList();
        Assert.Equal(VeeRules.All.Count, quoted.Count);
        Assert.All(quoted, sentence => Assert.Contains(sentence, said));
    }

    [Fact]
    public void The_document_lists_every_threshold() => Assert.All(
        typeof(VeeParameters).GetProperties().Where(property => property.CanWrite).Select(property => property.Name),
        name => Assert.Contains($"\n| {name} | ", Document, StringComparison.Ordinal));

    [Fact]
    public void Ids_are_unique_and_in_order()
    {
        var ids = VeeRules.All.Select(rule => rule.Id).ToList();
        Assert.Equal(ids.Distinct().Order(StringComparer.Ordinal), ids);
    }

    [Fact]
    public void A_rule_runs_alone()
    {
        var check = ScenarioFiles.ReadWhen("VEE-105/more-than-twice-both").Check();
        Assert.NotNull(VeeRules.All.Single(rule => rule.Id == "VEE-105").Check(check));
        Assert.Null(VeeRules.All.Single(rule => rule.Id == "VEE-106").Check(check));
    }

    private static string Words(RuleEffect effect) => effect switch
    {
        RuleEffect.Flag => "flag",
        RuleEffect.Hold => "hold",
        _ => "flag or hold",
    };
}
