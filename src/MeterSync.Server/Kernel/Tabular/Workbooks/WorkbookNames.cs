using System.Xml;

namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>The names of tags, attributes and namespaces in one part. The XML reader keeps each of them to the end, so there are bounds to how many and how long.</summary>
internal sealed class WorkbookNames : NameTable
{
    // Parts of real workbooks have some hundred names, most of them namespaces of extensions.
    private const int MostNames = 4_000;
    private const int MostLetters = 512 * 1024;

    private int _names;
    private int _letters;

    public override string Add(string key) => Get(key) ?? base.Add(Counted(key));

    public override string Add(char[] key, int start, int len) => Get(key, start, len) ?? base.Add(Counted(new string(key, start, len)));

    private string Counted(string key)
    {
        _names++;
        _letters += Math.Min(key.Length, MostLetters);
        return _names <= MostNames && _letters <= MostLetters ? key : throw WorkbookException.Damaged($"its tags have more than {MostNames} names, or very long ones");
    }
}
