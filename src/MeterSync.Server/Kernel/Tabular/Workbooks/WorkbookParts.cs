using System.IO.Compression;

namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>A sheet as the workbook lists it.</summary>
/// <param name="Name">As its tab shows it.</param>
/// <param name="IsVisible">False when a person has to unhide it.</param>
/// <param name="Path">Its part.</param>
internal sealed record WorkbookSheet(string Name, bool IsVisible, string Path);

/// <summary>The parts of an .xlsx workbook: a zip archive that says itself which of its entries are which.</summary>
internal sealed class WorkbookParts : IDisposable
{
    private const int MostSheets = 1_000;

    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly UnpackBudget _budget;

    private WorkbookParts(ZipArchive zip, TableLimits limits)
    {
        _zip = zip;
        _budget = new UnpackBudget(limits.UnpackedBytes);
        Strings = new SharedStrings(limits);
    }

    public List<WorkbookSheet> Sheets { get; } = [];

    public SharedStrings Strings { get; }

    public WorkbookStyles Styles { get; } = new();

    public bool CountsFrom1904 { get; private set; }

    /// <exception cref="WorkbookException">The file is no workbook or too large.</exception>
    /// <exception cref="InvalidDataException">The archive is damaged.</exception>
    /// <exception cref="System.Xml.XmlException">A part is damaged.</exception>
    public static WorkbookParts Open(Stream file, TableLimits limits)
    {
        ZipDirectory.Check(file);
        file.Position = 0;
        var parts = new WorkbookParts(new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true), limits);
        try
        {
            parts.ListEntries(limits);
            parts.ReadWorkbook();
            return parts;
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    public WorkbookXml Read(string path) => Find(path) ?? throw WorkbookException.Damaged("a part is missing");

    public void Dispose() => _zip.Dispose();

    private WorkbookXml? Find(string path) =>
        _entries.TryGetValue(path, out var entry) ? new WorkbookXml(new PartStream(entry.Open(), entry.Crc32, _budget)) : null;

    private void ListEntries(TableLimits limits)
    {
        var total = new UnpackBudget(limits.UnpackedBytes);
        foreach (var entry in _zip.Entries)
        {
            total.Take(entry.Length);
            _entries.TryAdd(entry.FullName.Replace('\\', '/').TrimStart('/'), entry);
        }
    }

    private void ReadWorkbook()
    {
        var main = Relations("").FirstOrDefault(relation => relation.Kind == "officeDocument")?.Target ?? "xl/workbook.xml";
        if (main.EndsWith(".bin", StringComparison.OrdinalIgnoreCase))
        {
            throw WorkbookException.NotWorkbook("a binary workbook (.xlsb), which is read by its own program only");
        }
        if (!_entries.ContainsKey(main))
        {
            throw WorkbookException.NotWorkbook(_entries.ContainsKey("mimetype") && _entries.ContainsKey("content.xml") ? "an OpenDocument file" : "a zip archive");
        }

        var named = new List<(string Name, bool IsVisible, string Relation)>();
        using (var xml = Read(main))
        {
            ReadMain(xml, named);
        }
        var relations = Relations(main);
        foreach (var (name, isVisible, id) in named)
        {
            // Charts and dialogs are sheets too, without cells.
            if (relations.FirstOrDefault(relation => relation.Id == id) is { Kind: "worksheet" } relation)
            {
                Sheets.Add(new WorkbookSheet(name, isVisible, relation.Target));
            }
        }
        ReadPart(relations, "sharedStrings", Strings.Read);
        ReadPart(relations, "styles", Styles.Read);
    }

    private void ReadMain(WorkbookXml xml, List<(string Name, bool IsVisible, string Relation)> named)
    {
        var isRoot = true;
        while (xml.Read())
        {
            if (!xml.IsElement)
            {
                continue;
            }
            if (isRoot && xml.Name != "workbook")
            {
                throw WorkbookException.NotWorkbook("a document of another kind");
            }
            isRoot = false;
            if (xml.Name == "workbookPr")
            {
                CountsFrom1904 = xml.Attribute("date1904") is "1" or "true" or "on";
            }
            else if (xml.Name == "sheet" && named.Count < MostSheets)
            {
                named.Add((xml.Attribute("name") ?? "", xml.Attribute("state") is null or "visible", xml.AttributeLike("id") ?? ""));
            }
        }
    }

    private void ReadPart(List<Relation> relations, string kind, Action<WorkbookXml> read)
    {
        if (relations.FirstOrDefault(relation => relation.Kind == kind) is { } relation && Find(relation.Target) is { } xml)
        {
            using (xml)
            {
                read(xml);
            }
        }
    }

    private List<Relation> Relations(string source)
    {
        var folder = source[..(source.LastIndexOf('/') + 1)];
        var found = new List<Relation>();
        using var xml = Find($"{folder}_rels/{source[folder.Length..]}.rels");
        while (xml is not null && found.Count < MostSheets * 2 && xml.Read())
        {
            if (xml.IsElement && xml.Name == "Relationship" && xml.Attribute("TargetMode") != "External" && xml.Attribute("Type") is { } type && xml.Attribute("Target") is { } target)
            {
                found.Add(new Relation(xml.Attribute("Id") ?? "", type[(type.LastIndexOf('/') + 1)..], Resolve(folder, target)));
            }
        }
        return found;
    }

    private static string Resolve(string folder, string target)
    {
        target = target.Replace('\\', '/');
        var path = new List<string>();
        foreach (var step in (target.StartsWith('/') ? target : folder + target).Split('/'))
        {
            if (step == ".." && path.Count > 0)
            {
                path.RemoveAt(path.Count - 1);
            }
            else if (step is not ("" or "." or ".."))
            {
                path.Add(step);
            }
        }
        return string.Join('/', path);
    }

    private sealed record Relation(string Id, string Kind, string Target);
}
