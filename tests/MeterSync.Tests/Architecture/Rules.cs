using Mono.Cecil;

namespace MeterSync.Tests.Architecture;

/// <summary>What a rule saw: how much it looked at, and who breaks it.</summary>
public sealed record Finding(int Scanned, IReadOnlyList<string> Breaches)
{
    /// <exception cref="RuleBrokenException">Something breaks the rule, or the rule looked at nothing.</exception>
    public void Require()
    {
        if (Scanned == 0)
        {
            throw new RuleBrokenException("The rule scanned nothing.");
        }

        if (Breaches.Count > 0)
        {
            throw new RuleBrokenException(string.Join('\n', Breaches));
        }
    }
}

public sealed class RuleBrokenException(string message) : Exception(message);

/// <summary>The house's rules about who may use whom.</summary>
public static class Rules
{
    private static readonly string[] Layers = ["Kernel", "Store", "Modules", "Host"];
    private static readonly string[] BannedSuffixes = ["Manager", "Helper", "Helpers", "Util", "Utils", "Common", "Base", "Processor", "Service"];
    private static readonly string[] OutsideWorld = ["Microsoft.EntityFrameworkCore", "Microsoft.AspNetCore", "Microsoft.Data", "Npgsql", "Dapper", "System.IO", "System.Net", "System.Data"];

    /// <summary>Kernel, Store, Modules, Host: never upward.</summary>
    public static Finding LayersPointDown(CodeUnderRule code) => Each(code, (type, used) =>
        LayerOf(code.PlaceOf(type)) is { } own && LayerOf(code.PlaceOf(used)) is { } other && own < other ? $"{type.FullName} ({Layers[own]}) uses {used.FullName} ({Layers[other]})" : null,
        type => LayerOf(code.PlaceOf(type)) is not null);

    /// <summary>A module sees another through its Public namespace, and only those before it in the catalogue.</summary>
    public static Finding ModulesMeetInPublic(CodeUnderRule code, IReadOnlyList<string> catalogue) => Each(code, (type, used) =>
        ModuleOf(code.PlaceOf(type)) is { } own && ModuleOf(code.PlaceOf(used)) is { } other && own != other
            ? !IsBelow(code.PlaceOf(used)!, $"Modules.{other}.Public") ? $"{type.FullName} uses {used.FullName}, which is not Public"
                : PlaceIn(catalogue, other) >= PlaceIn(catalogue, own) ? $"{type.FullName} uses {other}, which the catalogue does not list before {own}"
                : null
            : null,
        type => ModuleOf(code.PlaceOf(type)) is not null);

    /// <summary>Every module of the code is in the catalogue and the other way round.</summary>
    public static Finding CatalogueIsComplete(CodeUnderRule code, IReadOnlyList<string> catalogue)
    {
        var found = code.Types.Select(type => ModuleOf(code.PlaceOf(type))).OfType<string>().Distinct().ToList();
        return new Finding(found.Count, [.. found.Except(catalogue).Select(name => $"{name} is not in the catalogue"), .. catalogue.Except(found).Select(name => $"{name} has no code")]);
    }

    /// <summary>Slices of one module do not call each other.</summary>
    public static Finding SlicesStandApart(CodeUnderRule code)
    {
        var slices = code.Types.Where(type => type.Name.EndsWith("Endpoint", StringComparison.Ordinal)).Select(type => code.PlaceOf(type)!).Where(place => place.Split('.').Length == 3).ToHashSet();
        return Each(code, (type, used) => SliceOf(type) is { } own && SliceOf(used) is { } other && own != other ? $"{type.FullName} uses {used.FullName} of another slice" : null, type => SliceOf(type) is not null);

        string? SliceOf(TypeReference type) => slices.FirstOrDefault(slice => code.PlaceOf(type) is { } place && IsBelow(place, slice));
    }

    /// <summary>Folder (namespace), endpoint class and handler class of a slice have one name. A slice that touches no store needs no handler.</summary>
    public static Finding SlicesHaveOneName(CodeUnderRule code)
    {
        var endpoints = code.Types.Where(type => type.Name.EndsWith("Endpoint", StringComparison.Ordinal) && ModuleOf(code.PlaceOf(type)) is not null).ToList();
        var breaches = new List<string>();
        foreach (var endpoint in endpoints)
        {
            var name = endpoint.Name[..^"Endpoint".Length];
            if (code.PlaceOf(endpoint)!.Split('.')[^1] != name)
            {
                breaches.Add($"{endpoint.FullName} is not in a folder called {name}");
            }

            var handler = code.Types.FirstOrDefault(type => type.Namespace == endpoint.Namespace && type.Name == name + "Handler");
            if (handler is null && !TouchesTheStore(code, endpoint.Namespace))
            {
                continue;
            }

            if (handler?.Methods.Count(method => method.IsPublic && !method.IsConstructor && method.Name == "HandleAsync") != 1)
            {
                breaches.Add($"{endpoint.Namespace} has no {name}Handler with one public HandleAsync");
            }
        }

        return new Finding(endpoints.Count, breaches);
    }

    /// <summary>Domain code knows no database, no HTTP, no files, no network.</summary>
    public static Finding DomainIsPure(CodeUnderRule code, Func<string, bool> isDomain) => Each(code, (type, used) =>
        isDomain(code.PlaceOf(type)!) && OutsideWorld.Any(world => IsBelow(used.Namespace, world)) ? $"{type.FullName} uses {used.FullName}" : null,
        type => isDomain(code.PlaceOf(type)!));

    /// <summary>Contexts have no set properties: code says <c>db.Set&lt;Reading&gt;()</c>.</summary>
    public static Finding ContextsHaveNoSets(CodeUnderRule code)
    {
        var contexts = code.Types.Where(type => type.BaseType?.FullName == "Microsoft.EntityFrameworkCore.DbContext").ToList();
        return new Finding(contexts.Count, [.. contexts.SelectMany(context => context.Properties.Where(property => property.PropertyType.Name.StartsWith("DbSet`", StringComparison.Ordinal)).Select(property => $"{context.FullName}.{property.Name} is a set"))]);
    }

    /// <summary>Names say what a thing is.</summary>
    public static Finding NamesSayWhatThingsAre(CodeUnderRule code)
    {
        var named = code.Types.Where(type => !type.Name.Contains('<', StringComparison.Ordinal)).ToList();
        return new Finding(named.Count, [.. named.Where(type => BannedSuffixes.Any(suffix => type.Name.Split('`')[0].EndsWith(suffix, StringComparison.Ordinal)) && !type.Name.EndsWith("Database", StringComparison.Ordinal)).Select(type => $"{type.FullName} has a name that says nothing")]);
    }

    private static bool TouchesTheStore(CodeUnderRule code, string space) =>
        code.Types.Any(type => (type.Namespace == space || type.DeclaringType?.Namespace == space) && code.ReferencesOf(type).Any(used => code.PlaceOf(used) is { } place && (IsBelow(place, "Store") || place.Split('.') is ["Modules", _, "Store", ..])));

    private static Finding Each(CodeUnderRule code, Func<TypeDefinition, TypeReference, string?> breach, Func<TypeDefinition, bool> counts)
    {
        var scanned = code.Types.Where(counts).ToList();
        return new Finding(scanned.Count, [.. scanned.SelectMany(type => code.ReferencesOf(type).Select(used => breach(type, used))).OfType<string>().Distinct()]);
    }

    private static int PlaceIn(IReadOnlyList<string> catalogue, string module) => catalogue.TakeWhile(name => name != module).Count();

    private static int? LayerOf(string? place) => place is not null && Array.FindIndex(Layers, layer => IsBelow(place, layer)) is >= 0 and var index ? index : null;

    private static string? ModuleOf(string? place) => place?.Split('.') is ["Modules", var name, ..] ? name : null;

    private static bool IsBelow(string place, string ancestor) => place == ancestor || place.StartsWith(ancestor + ".", StringComparison.Ordinal);
}
