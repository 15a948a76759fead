using System.Reflection;
using System.Text.Json;
using MeterSync.Host;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Tests.Contract;
using MeterSync.Tests.Support;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;
using HttpJsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace MeterSync.Tests.Architecture;

/// <summary>What the routes of a running server must keep to.</summary>
public sealed class RouteRulesTests(SqliteServer server) : IClassFixture<SqliteServer>
{
    /// <summary>Permissions no route asks for, because a handler does.</summary>
    private static readonly Dictionary<string, string> AskedByHandlers = new()
    {
        ["exports:read_all"] = "widens whose exports are seen",
    };

    private IReadOnlyList<RouteEndpoint> Routes => [.. server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    private JsonSerializerOptions Json => server.Services.GetRequiredService<IOptions<HttpJsonOptions>>().Value.SerializerOptions;

    [Fact]
    public void Every_body_has_serialisation_metadata()
    {
        var bodies = Routes.SelectMany(route => route.Metadata.GetOrderedMetadata<IAcceptsMetadata>().Select(accepts => accepts.RequestType)
            .Concat(route.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().Select(produces => produces.Type)))
            .OfType<Type>().Where(type => type != typeof(void) && !typeof(Microsoft.AspNetCore.Http.IResult).IsAssignableFrom(type) && type.Namespace?.StartsWith("Microsoft", StringComparison.Ordinal) != true).Distinct().ToList();
        Uncovered(bodies).Require();
        Assert.Throws<RuleBrokenException>(() => Uncovered([typeof(Envelope<RouteRulesTests>)]).Require());
        Assert.Throws<RuleBrokenException>(() => Uncovered([]).Require());
    }

    [Fact]
    public void Every_operation_is_a_slice_of_its_name()
    {
        var slices = typeof(MeterSyncServer).Assembly.GetTypes().Where(type => type.Name.EndsWith("Endpoint", StringComparison.Ordinal) && type.Namespace?.StartsWith("MeterSync.Modules.", StringComparison.Ordinal) == true).Select(type => type.Name[..^"Endpoint".Length]).ToList();
        var operations = Routes.Where(route => route.RoutePattern.RawText?.StartsWith("/api/", StringComparison.Ordinal) == true).Select(route => route.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? $"(unnamed) {route.RoutePattern.RawText}").ToList();
        Unmatched(slices, operations).Require();
        Assert.Throws<RuleBrokenException>(() => Unmatched(["OpenThing"], ["CloseThing"]).Require());
        foreach (var slice in slices)
        {
            Assert.Single(Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "MeterSync.Server", "Modules"), $"{slice}Endpoint.cs", SearchOption.AllDirectories), file => Path.GetFileName(Path.GetDirectoryName(file)) == slice);
        }
    }

    [Fact]
    public void Every_permission_guards_a_route_and_has_one_meaning()
    {
        var all = server.Services.GetRequiredService<PermissionCatalog>().All;
        var guarding = Routes.Select(route => route.Metadata.GetMetadata<RoutePermission>()?.Permission).OfType<Permission>().ToHashSet();
        Assert.NotEmpty(all);
        Assert.Equal([], all.Where(permission => !guarding.Contains(permission) && !AskedByHandlers.ContainsKey(permission.Name)).Select(permission => permission.Name));
        Assert.Equal([], guarding.Except(all).Select(permission => permission.Name));
        Assert.Equal(all.Count, all.Select(permission => permission.Name).Distinct().Count());
        Assert.All(all, permission => Assert.Matches("^[a-z_]+:[a-z_]+$", permission.Name));
    }

    [Fact]
    public void Every_problem_code_is_told_once_and_as_the_catalogue_tells_it()
    {
        var codes = typeof(MeterSyncServer).Assembly.GetTypes().SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.FieldType == typeof(ProblemCode)).Select(field => (ProblemCode)field.GetValue(null)!).ToList();
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "problems.md"));
        Untold(codes, text, ProblemCatalogue.Codes).Require();
        Assert.Throws<RuleBrokenException>(() => Untold([.. codes, codes[0]], text, ProblemCatalogue.Codes).Require());
        Assert.Throws<RuleBrokenException>(() => Untold([.. codes, new ProblemCode("planted.code", 400, "Planted.")], text, ProblemCatalogue.Codes).Require());
        Assert.Throws<RuleBrokenException>(() => Untold([.. codes.Skip(1)], text, ProblemCatalogue.Codes).Require());
        Assert.Throws<RuleBrokenException>(() => Untold([], text, ProblemCatalogue.Codes).Require());
    }

    private Finding Uncovered(List<Type> bodies) =>
        new(bodies.Count, [.. bodies.Where(type => !Json.TryGetTypeInfo(type, out _)).Select(type => $"{type} is in no module's JSON context")]);

    private static Finding Unmatched(List<string> slices, List<string> operations) =>
        new(slices.Count, [.. slices.Except(operations).Select(slice => $"{slice}Endpoint maps no operation {slice}"), .. operations.Except(slices).Select(operation => $"The operation {operation} has no {operation}Endpoint")]);

    private static Finding Untold(List<ProblemCode> codes, string text, IReadOnlySet<string> told) =>
        new(codes.Count,
        [
            .. codes.GroupBy(code => code.Code).Where(group => group.Count() > 1).Select(group => $"{group.Key} is declared {group.Count()} times"),
            .. codes.Select(code => $"| `{code.Code}` | {code.Status} | {code.Meaning} |").Where(row => !text.Contains(row, StringComparison.Ordinal)).Select(row => $"docs/problems.md lacks the row {row}"),
            .. told.Except(codes.Select(code => code.Code)).Select(code => $"docs/problems.md tells of {code}, which no code declares"),
        ]);
}
