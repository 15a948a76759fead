namespace MeterSync.Host.Configuration;

/// <summary>What the value of an alias comes to.</summary>
/// <param name="Settings">Our keys and their values.</param>
/// <param name="Notices">What of the value has no effect; one sentence each.</param>
/// <param name="Fault">Why the value cannot be used, without the value itself: it may be a secret. Null where it can.</param>
internal sealed record AliasMeaning(IReadOnlyList<KeyValuePair<string, string>> Settings, IReadOnlyList<string> Notices, string? Fault = null)
{
    public static AliasMeaning Of(string key, string value) => new([new(key, value)], []);

    public static AliasMeaning Nothing(params string[] notices) => new([], notices);

    public static AliasMeaning Wrong(string fault) => new([], [], fault);
}

/// <summary>A variable under a name that is not ours.</summary>
/// <param name="Name">Exactly, in capitals.</param>
/// <param name="Keys">The settings it stands for; empty where this release has no such setting.</param>
/// <param name="Meaning">Of a value that is not empty.</param>
internal sealed record SeedAlias(string Name, IReadOnlyList<string> Keys, Func<string, AliasMeaning> Meaning);
