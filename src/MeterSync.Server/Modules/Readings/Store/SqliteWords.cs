using System.Text;
using MeterSync.Store.Bulk;

namespace MeterSync.Modules.Readings.Store;

/// <summary>Texts that repeat from row to row, each kept once and known by its number.</summary>
/// <param name="columns">Texts of a row.</param>
internal sealed class SqliteWords(int columns)
{
    /// <summary>From so many on, texts of which there may be no end are not kept any more: about 10 MB.</summary>
    private const int MostLetters = 4_000_000;

    /// <summary>What a word takes beside its letters.</summary>
    private const int LettersOfNone = 30;

    /// <summary>The text was not kept.</summary>
    public const int NoRoom = -2;

    private const int None = -1;
    private readonly (byte[] Bytes, int Number)[] last = new (byte[], int)[columns];
    private readonly List<string> words = [];
    private readonly Dictionary<string, int> numbers = [];
    private int letters;

    /// <summary>Null for no text.</summary>
    public string? this[int number] => number == None ? null : words[number];

    /// <param name="text">The column as it stands.</param>
    /// <param name="column">Which of the row's texts.</param>
    public int Number(SqliteValue text, int column) => Number(text, column, always: true);

    /// <summary>The number, or <see cref="NoRoom"/>.</summary>
    public int NumberIfRoom(SqliteValue text, int column) => Number(text, column, always: false);

    /// <summary>Begins anew where there is no room. Numbers given out before mean nothing any more.</summary>
    public void MakeRoom()
    {
        if (letters > MostLetters)
        {
            Array.Clear(last);
            words.Clear();
            numbers.Clear();
            letters = 0;
        }
    }

    private int Number(SqliteValue text, int column, bool always)
    {
        if (text.IsNull)
        {
            return None;
        }

        var bytes = text.Bytes;
        if (last[column].Bytes is { } before && bytes.SequenceEqual(before))
        {
            return last[column].Number;
        }

        var word = Encoding.UTF8.GetString(bytes);
        if (!numbers.TryGetValue(word, out var number))
        {
            if (!always && letters > MostLetters)
            {
                return NoRoom;
            }

            letters += word.Length + LettersOfNone;
            number = words.Count;
            words.Add(word);
            numbers.Add(word, number);
        }

        last[column] = (bytes.ToArray(), number);
        return number;
    }
}
