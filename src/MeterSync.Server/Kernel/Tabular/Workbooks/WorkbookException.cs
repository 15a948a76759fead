namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>What keeps a workbook from being read. Never leaves the reader, which reports it as a fault.</summary>
/// <param name="code">One of <see cref="ImportCodes"/>.</param>
/// <param name="message">A sentence for the person who made the file.</param>
internal sealed class WorkbookException(string code, string message) : Exception(message)
{
    public string Code => code;

    public static WorkbookException Damaged(string what) => new(ImportCodes.WorkbookDamaged, $"The workbook is damaged or cut short: {what}. Open it in a spreadsheet program, save it and send it again.");

    public static WorkbookException TooLarge(string what) => new(ImportCodes.WorkbookTooLarge, $"The workbook is larger than can be read: {what}. Split it, or save the sheet as CSV.");

    public static WorkbookException NotWorkbook(string what) => new(ImportCodes.NotWorkbook, $"The file is {what}, not a workbook. Save the table as .xlsx or as CSV (UTF-8).");

    public static WorkbookException Encrypted() => new(ImportCodes.WorkbookEncrypted, "The workbook is protected by a password. Remove the password and send it again.");

    /// <summary>The fault that stops reading.</summary>
    public static RowFault FaultOf(Exception exception, int row) => exception is WorkbookException known
        ? new RowFault(row, -1, known.Code, known.Message, true)
        : FaultOf(Damaged("what follows cannot be understood"), row);
}
