using MeterSync.Kernel;

namespace MeterSync.Modules.Meters;

internal static class MeterProblems
{
    public static readonly ProblemCode MeterNotFound = new("meter.not_found", 404, "There is no such meter.");
    public static readonly ProblemCode SerialTaken = new("meter.serial_taken", 409, "Another meter has this serial number.");
    public static readonly ProblemCode HasReadings = new("meter.has_readings", 409, "The meter has readings or was worked on, so it cannot be deleted; set its status to inactive instead.");
    public static readonly ProblemCode Assigned = new("meter.assigned", 409, "The meter is assigned to be read, so it cannot be deleted; cancel the assignment first.");
    public static readonly ProblemCode RegisterNotFound = new("register.not_found", 404, "The meter has no such register.");
    public static readonly ProblemCode TooManyRegisters = new("register.too_many", 409, "The meter has as many registers as a meter can have.");
    public static readonly ProblemCode VersionTooEarly = new("register.version_too_early", 409, "The register has a later configuration already; a new one may begin at or after the start of the last.");
    public static readonly ProblemCode ImportNotFound = new("import.not_found", 404, "There is no such import.");
    public static readonly ProblemCode ImportNoResultFile = new("import.no_result_file", 409, "The import has no result file: it is not over, no row has a problem, the table could not be read to its end, or the file was kept for its days.");
    public static readonly ProblemCode ImportUndone = new("import.already_undone", 409, "The import was undone before.");
    public static readonly ProblemCode ImportInUse = new("import.in_use", 409, "Readings or later changes depend on the import, so it cannot be undone.");
    public static readonly ProblemCode ImportRefused = new("import.refused", 400, "Rows of the file have problems, so nothing of it was imported.");
    public static readonly ProblemCode ImportFileMissing = new("import.file_missing", 400, "The form has no part named file with a file in it.");
    public static readonly ProblemCode ImportFileGone = new("import.file_gone", 409, "The uploaded file is no longer on the server; upload it again.");

    /// <summary>Codes of single rows of an import.</summary>
    public const string RowSerialTwice = "meter.serial_twice";
    public const string RowTypeDiffers = "meter.type_differs";
    public const string RowPositionIncomplete = "meter.position_incomplete";
    public const string RowRegionUnknown = "meter.region_unknown";
    public const string RowRegionMissing = "meter.region_missing";
    public const string RowInStore = "meter.in_store";
    public const string RowNotYours = "meter.not_yours";
}
