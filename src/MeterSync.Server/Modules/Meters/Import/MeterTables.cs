using MeterSync.Store.Imports;

namespace MeterSync.Modules.Meters.Import;

/// <summary>Tables of meters, as imports take them.</summary>
internal static class MeterTables
{
    public static readonly ImportKind Kind = new()
    {
        Batches = MeterImport.Kind,
        Jobs = "meters.import",
        MaximumMegabytes = 64,
        FileName = "meters.csv",
        FileMissing = MeterProblems.ImportFileMissing,
        FileGone = MeterProblems.ImportFileGone,
        NotFound = MeterProblems.ImportNotFound,
        NoResultFile = MeterProblems.ImportNoResultFile,
        Undone = MeterProblems.ImportUndone,
    };
}
