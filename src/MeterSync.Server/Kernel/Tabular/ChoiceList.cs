namespace MeterSync.Kernel.Tabular;

/// <summary>
/// The words a column may hold and what each means, such as <c>electric</c>, <c>electricity</c> and <c>strom</c>.
/// Words match without regard to case, spaces and signs, as headings do. Build one per column in a static field.
/// </summary>
/// <typeparam name="T">What the words mean.</typeparam>
public sealed class ChoiceList<T>
{
    private const int LongestWord = 128;

    private readonly Dictionary<string, T> _byWord = new(StringComparer.Ordinal);
    private readonly Dictionary<string, T>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly string _firstWords;

    /// <param name="choices">Each meaning with its words; the first word of each is shown when a cell holds none of them.</param>
    /// <exception cref="ArgumentException">A word is given twice or has no letter or digit.</exception>
    public ChoiceList(params (T Value, string[] Words)[] choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        foreach (var (value, words) in choices)
        {
            foreach (var word in words)
            {
                var key = Headings.Fold(word);
                if (key.Length is 0 or > LongestWord || !_byWord.TryAdd(key, value))
                {
                    throw new ArgumentException($"The word \"{word}\" is empty, too long or given twice.", nameof(choices));
                }
            }
        }
        _bySpan = _byWord.GetAlternateLookup<ReadOnlySpan<char>>();
        _firstWords = string.Join(", ", choices.Select(choice => choice.Words[0]));
    }

    /// <summary>Finds what a word means.</summary>
    public bool TryRead(ReadOnlySpan<char> text, out T? value, out CellFault? fault)
    {
        value = default;
        fault = null;
        Span<char> folded = stackalloc char[LongestWord];
        if (text.Length <= LongestWord && _bySpan.TryGetValue(folded[..Headings.Fold(text, folded)], out value))
        {
            return true;
        }
        fault = new CellFault(ImportCodes.UnknownValue, $"\"{Excerpt.Of(text)}\" is not one of: {_firstWords}.");
        return false;
    }
}

/// <summary>Lists of words that many imports need.</summary>
public static class ChoiceLists
{
    /// <summary>Yes and no in the languages of the files seen; also 1 and 0, x for yes.</summary>
    public static ChoiceList<bool> YesNo { get; } = new(
        (true, ["yes", "y", "true", "t", "1", "x", "on", "ja", "j", "wahr", "oui", "vrai", "si", "sí", "sim", "tak", "prawda", "ano", "так", "да", "истина", "істина"]),
        (false, ["no", "n", "false", "f", "0", "off", "nein", "falsch", "non", "faux", "nao", "não", "nie", "fałsz", "ne", "ні", "нет", "ложь", "хибність"]));
}
