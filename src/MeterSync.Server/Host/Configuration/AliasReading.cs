using System.Collections;
using MeterSync.Kernel;

namespace MeterSync.Host.Configuration;

/// <summary>What the aliases that are set come to.</summary>
/// <param name="Settings">Our keys and their values.</param>
/// <param name="Sources">Our keys and the variables that set them.</param>
/// <param name="Notices">What has no effect; one sentence each.</param>
internal sealed record AliasReading(IReadOnlyDictionary<string, string?> Settings, IReadOnlyDictionary<string, string> Sources, IReadOnlyList<string> Notices)
{
    /// <param name="environment">All variables.</param>
    /// <param name="arguments">Settings of the command line, as <c>--Section:Key=value</c>.</param>
    /// <exception cref="StartRefusedException">A value cannot be used, or two aliases of one setting contradict each other.</exception>
    public static AliasReading Of(IDictionary environment, IReadOnlyList<string> arguments)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var sources = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var notices = new List<string>();
        HashSet<string>? own = null;
        foreach (var alias in SeedAliases.All)
        {
            if (environment[alias.Name] is not string { Length: > 0 } given || given.Trim() is not { Length: > 0 } value)
            {
                continue;
            }

            // Our own names have the last word: what an alias would say then does not matter, nor whether it can be read.
            own ??= OwnKeys(environment, arguments);
            if (alias.Keys.Count > 0 && alias.Keys.All(own.Contains))
            {
                notices.Add($"{alias.Name} has no effect: {string.Join(" and ", alias.Keys)} {(alias.Keys.Count > 1 ? "are" : "is")} set under MeterSync's own name.");
                continue;
            }

            var meaning = alias.Meaning(value);
            if (meaning.Fault is { } fault)
            {
                throw new StartRefusedException($"The variable {alias.Name} {fault}");
            }

            notices.AddRange(meaning.Notices);
            Add(alias, meaning, settings, sources);
        }

        return new AliasReading(settings, sources, notices);
    }

    private static void Add(SeedAlias alias, AliasMeaning meaning, Dictionary<string, string?> settings, Dictionary<string, string> sources)
    {
        foreach (var (key, value) in meaning.Settings)
        {
            if (settings.TryGetValue(key, out var before) && before != value)
            {
                throw new StartRefusedException($"The variables {sources[key]} and {alias.Name} both stand for {key} and contradict each other. Keep one of them.");
            }

            settings[key] = value;
            sources.TryAdd(key, alias.Name);
        }
    }

    private static HashSet<string> OwnKeys(IDictionary environment, IReadOnlyList<string> arguments)
    {
        var keys = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in environment.Keys.Cast<string>().Where(name => name.StartsWith(ServerConfiguration.EnvironmentPrefix, StringComparison.OrdinalIgnoreCase)))
        {
            AddWithParents(name[ServerConfiguration.EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal));
        }

        foreach (var argument in arguments)
        {
            AddWithParents(argument.TrimStart('-').Split('=')[0]);
        }

        return keys;

        // Cors:Origins:0 sets Cors:Origins.
        void AddWithParents(string key)
        {
            for (var rest = key; rest.Length > 0; rest = rest.LastIndexOf(':') is > 0 and var at ? rest[..at] : "")
            {
                keys.Add(rest);
            }
        }
    }
}
