namespace MeterSync.Modules.Photos.Domain;

/// <summary>Names that senders give their files.</summary>
internal static class FileNames
{
    public const int Longest = 200;

    /// <summary>The last part, without folders and control characters; never empty.</summary>
    public static string Clean(string? given, string otherwise)
    {
        var last = (given ?? "")[((given ?? "").LastIndexOfAny(['/', '\\']) + 1)..];
        var name = new string([.. last.Where(character => !char.IsControl(character) && character is not ('"' or '\u202A' or '\u202B' or '\u202C' or '\u202D' or '\u202E' or '\u2066' or '\u2067' or '\u2068' or '\u2069'))]).Trim();
        return name.Length switch
        {
            0 => otherwise,
            > Longest => name[^(char.IsLowSurrogate(name[^Longest]) ? Longest - 1 : Longest)..],
            _ => name,
        };
    }
}
