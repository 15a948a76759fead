using MeterSync.Kernel;

namespace MeterSync.Modules.Readings;

internal static class ReadingProblems
{
    public static readonly ProblemCode NotFound = new("reading.not_found", 404, "There is no such reading, or it is not yours to see.");
    public static readonly ProblemCode MeterNotFound = new("reading.meter_not_found", 404, "There is no meter with this id or serial number.");
    public static readonly ProblemCode UnknownRegister = new("reading.unknown_register", 400, "The meter has no register with this id, label or ordinal.");
    public static readonly ProblemCode RegisterTwice = new("reading.register_twice", 400, "One register is named twice in one reading.");
    public static readonly ProblemCode BadValue = new("reading.bad_value", 400, "A register value has at most 12 digits before the point and 6 behind.");
    public static readonly ProblemCode ClientIdConflict = new("reading.client_id_conflict", 409, "This client_id came with other content before; the stored reading stays as it is.");
    public static readonly ProblemCode SourceNotAllowed = new("reading.source_not_allowed", 403, "Readings from telemetry, imports and estimates need the permission readings:import.");
    public static readonly ProblemCode NotVerifiable = new("reading.not_verifiable", 400, "Only accepted and held readings can be verified.");
    public static readonly ProblemCode NotRejectable = new("reading.not_rejectable", 400, "Only accepted and held readings can be rejected.");
    public static readonly ProblemCode NotCorrectable = new("reading.not_correctable", 400, "The reading cannot be corrected as asked: it is superseded, the register was not read, or nothing would change.");
    public static readonly ProblemCode ReReadOpen = new("reading.re_read_open", 409, "The meter is to be read again already, and has not been read since.");
    public static readonly ProblemCode ReReadNotPossible = new("reading.re_read_not_possible", 400, "A superseded reading cannot be asked for again, nor one of a meter that was taken away.");
    public static readonly ProblemCode NotEditable = new("reading.not_editable", 403, "A reading that a person verified is changed by someone who may verify; agents change notes and photos of their own unverified readings only.");
    public static readonly ProblemCode ImportNotFound = new("reading.import_not_found", 404, "There is no such import of readings.");
    public static readonly ProblemCode ImportNoResultFile = new("reading.import_no_result_file", 409, "The import of readings has no result file: it is not over, no row has a problem, the table could not be read to its end, or the file was kept for its days.");
    public static readonly ProblemCode ImportNotUndoable = new("reading.import_not_undoable", 409, "People have verified, rejected or corrected readings of this import, or it was undone already.");
    public static readonly ProblemCode ImportFileMissing = new("reading.import_file_missing", 400, "The form has no file in its part named file, or the uploaded file is no longer there.");

    /// <summary>Codes of single rows of an import.</summary>
    public const string RowMeterNotFound = "reading.meter_not_found";
    public const string RowUnknownRegister = "reading.unknown_register";
    public const string RowDiffersFromStored = "reading.differs_from_stored";
    public const string RowTwiceInFile = "reading.twice_in_file";

    /// <summary>Code of a note of an import, which refuses nothing.</summary>
    public const string NoteRejectedLeftOut = "reading.rejected_left_out";
}
