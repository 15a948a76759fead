using MeterSync.Host;
using MeterSync.Metering;
using MeterSync.Metering.Vee;
using Xunit;

namespace MeterSync.Tests.Architecture;

/// <summary>Who may use whom. Each rule is tried on the house, on code planted to break it, and on nothing at all.</summary>
public sealed class HouseRulesTests
{
    private const string Planted = "MeterSync.Tests.Architecture.Planted";
    private static readonly CodeUnderRule Server = CodeUnderRule.Of(typeof(MeterSyncServer), "MeterSync");
    private static readonly CodeUnderRule Metering = CodeUnderRule.Of(typeof(VeeRules), "MeterSync.Metering");
    private static readonly CodeUnderRule Bad = CodeUnderRule.Of(typeof(HouseRulesTests), Planted);
    private static readonly CodeUnderRule Nothing = CodeUnderRule.Of(typeof(HouseRulesTests), "MeterSync.Nowhere");
    private static readonly IReadOnlyList<string> Catalogue = [.. ModuleCatalog.All.Select(module => module.Name)];

    [Fact]
    public void Layers_point_down() => Try(Rules.LayersPointDown, "Planted.Kernel.ReachesUp");

    [Fact]
    public void Modules_meet_in_Public_and_in_the_order_of_the_catalogue()
    {
        Try(code => Rules.ModulesMeetInPublic(code, code == Bad ? ["Alpha", "Beta"] : Catalogue), "Beta.PeeksInside");
        Assert.Contains(Rules.ModulesMeetInPublic(Bad, ["Alpha", "Beta"]).Breaches, breach => breach.Contains("Alpha.Public.Offer uses Beta", StringComparison.Ordinal));
        Assert.DoesNotContain(Rules.ModulesMeetInPublic(Bad, ["Beta", "Alpha"]).Breaches, breach => breach.Contains("Alpha.Public.Offer", StringComparison.Ordinal));
    }

    [Fact]
    public void The_catalogue_lists_every_module() => Try(code => Rules.CatalogueIsComplete(code, code == Bad ? ["Alpha"] : Catalogue), "Beta is not in the catalogue");

    [Fact]
    public void Slices_of_a_module_do_not_call_each_other() => Try(Rules.SlicesStandApart, "OpenThing.OpenThingEndpoint");

    [Fact]
    public void A_slice_has_one_name()
    {
        Try(Rules.SlicesHaveOneName, "CloseThing.ShutThingEndpoint");
        Assert.Contains(Rules.SlicesHaveOneName(Bad).Breaches, breach => breach.Contains("has no MoveThingHandler", StringComparison.Ordinal));
    }

    [Fact]
    public void Domain_code_knows_no_database_no_HTTP_no_files_and_no_network()
    {
        Try(code => Rules.DomainIsPure(code, place => place.Split('.') is ["Modules", _, "Domain", ..]), "Domain.TouchesFiles");
        Rules.DomainIsPure(Metering, _ => true).Require();
        Assert.NotNull(typeof(ReadingState));
    }

    [Fact]
    public void Contexts_have_no_set_properties() => Try(Rules.ContextsHaveNoSets, "ShelfContext.Shelves");

    [Fact]
    public void Names_say_what_things_are()
    {
        Try(Rules.NamesSayWhatThingsAre, "Beta.ThingManager");
        Rules.NamesSayWhatThingsAre(Metering).Require();
    }

    private static void Try(Func<CodeUnderRule, Finding> rule, string breaker)
    {
        rule(Server).Require();
        var broken = Assert.Throws<RuleBrokenException>(() => rule(Bad).Require());
        Assert.Contains(breaker, broken.Message, StringComparison.Ordinal);
        Assert.Throws<RuleBrokenException>(() => rule(Nothing).Require());
    }
}
