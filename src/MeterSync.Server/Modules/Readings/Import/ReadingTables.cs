using MeterSync.Store.Imports;

namespace MeterSync.Modules.Readings.Import;

/// <summary>Tables of readings, as imports take them.</summary>
internal static class ReadingTables
{
    public static readonly ImportKind Kind = new()
    {
        Batches = ReadingImport.Kind,
        Jobs = "readings.import",
        MaximumMegabytes = 256,
        FileName = "readings.csv",
        FileMissing = ReadingProblems.ImportFileMissing,
        FileGone = ReadingProblems.ImportFileMissing,
        NotFound = ReadingProblems.ImportNotFound,
        NoResultFile = ReadingProblems.ImportNoResultFile,
        Undone = ReadingProblems.ImportNotUndoable,
    };
}
