using System.Xml;

namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>Goes through the XML of one part, forward. Names are compared without their namespace: there are two of them, and any prefix.</summary>
internal sealed class WorkbookXml : IDisposable
{
    /// <summary>Parts nest some ten levels deep. The XML reader keeps something of every level that is open.</summary>
    private const int MostLevels = 64;

    private readonly PartStream _part;
    private readonly XmlReader _xml;

    public WorkbookXml(PartStream part)
    {
        _part = part;
        _xml = XmlReader.Create(part, new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CheckCharacters = false,
            NameTable = new WorkbookNames(),
        });
    }

    public string Name => _xml.LocalName;

    public bool IsElement => _xml.NodeType == XmlNodeType.Element;

    public bool IsEnd => _xml.NodeType == XmlNodeType.EndElement;

    public bool IsEmpty => _xml.IsEmptyElement;

    public bool IsText => _xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace;

    public int Depth => _xml.Depth;

    public bool Read()
    {
        _part.BeginStep();
        return _xml.Read() && (_xml.Depth <= MostLevels ? true : throw WorkbookException.Damaged($"its tags are nested more than {MostLevels} levels deep"));
    }

    public string? Attribute(string name) => _xml.GetAttribute(name);

    /// <summary>An attribute with a namespace, by its name alone.</summary>
    public string? AttributeLike(string localName)
    {
        string? found = null;
        for (var more = _xml.MoveToFirstAttribute(); more; more = _xml.MoveToNextAttribute())
        {
            found = _xml.LocalName == localName && _xml.Prefix.Length > 0 ? _xml.Value : found;
        }
        _xml.MoveToElement();
        return found;
    }

    /// <summary>Adds the text of the element the reader stands at, and of those inside it that <paramref name="takes"/> names; ends at its end.</summary>
    public void ReadText(BoundedText text, Func<string, bool>? takes = null)
    {
        if (IsEmpty)
        {
            return;
        }
        var depth = Depth;
        while (Read())
        {
            if (IsText)
            {
                if (takes is null || _inside)
                {
                    ReadChunks(text);
                }
            }
            else if (IsElement && takes is null)
            {
                throw WorkbookException.Damaged("a value holds something else");
            }
            else if (IsElement && takes!(Name))
            {
                _inside = !IsEmpty;
            }
            else if (IsElement && Name is "rPh" or "extLst" or "rPr")
            {
                Pass();
            }
            else if (IsEnd)
            {
                _inside = false;
                if (Depth == depth)
                {
                    return;
                }
            }
        }
        throw WorkbookException.Damaged("it ends inside a cell");
    }

    /// <summary>Passes over the element the reader stands at.</summary>
    public void Pass()
    {
        if (IsEmpty)
        {
            return;
        }
        var depth = Depth;
        while (Read())
        {
            if (IsEnd && Depth == depth)
            {
                return;
            }
        }
        throw WorkbookException.Damaged("it ends in the middle");
    }

    /// <summary>Reads the part to its end, for its check sum.</summary>
    public void Finish() => _part.ReadToEnd();

    public void Dispose()
    {
        _xml.Dispose();
        _part.Dispose();
    }

    private bool _inside;

    private void ReadChunks(BoundedText text)
    {
        int count;
        do
        {
            _part.BeginStep();
            count = _xml.ReadValueChunk(text.Buffer, 0, text.Buffer.Length);
            text.Add(count);
        }
        while (count > 0);
    }
}

/// <summary>A text that is cut where it is longer than a cell may be; longer by one character, so that this is seen.</summary>
internal sealed class BoundedText(int longest)
{
    private readonly char[] _text = new char[longest + 1];
    private int _length;

    /// <summary>Where the next piece is put before <see cref="Add"/>.</summary>
    public char[] Buffer { get; } = new char[4_096];

    public ReadOnlySpan<char> Text => _text.AsSpan(0, _length);

    public void Clear() => _length = 0;

    public void Add(int count)
    {
        count = Math.Min(count, _text.Length - _length);
        Buffer.AsSpan(0, count).CopyTo(_text.AsSpan(_length));
        _length += count;
    }

    public void Set(ReadOnlySpan<char> text)
    {
        _length = Math.Min(text.Length, _text.Length);
        text[.._length].CopyTo(_text);
    }

    /// <summary>Turns the workbook's spelling of characters that XML cannot hold, such as <c>_x000D_</c>, into them.</summary>
    public void Unescape()
    {
        if (!Text.Contains("_x", StringComparison.Ordinal))
        {
            return;
        }
        var to = 0;
        for (var from = 0; from < _length; from++)
        {
            if (IsEscape(_text.AsSpan(from, _length - from), out var character))
            {
                _text[to++] = character;
                from += 6;
            }
            else
            {
                _text[to++] = _text[from];
            }
        }
        _length = to;
    }

    internal static bool IsEscape(ReadOnlySpan<char> text, out char character)
    {
        character = default;
        if (text.Length < 7 || text[0] != '_' || text[1] != 'x' || text[6] != '_' || !ushort.TryParse(text[2..6], System.Globalization.NumberStyles.AllowHexSpecifier, null, out var code))
        {
            return false;
        }
        character = (char)code;
        return true;
    }
}
