namespace MeterSync.Kernel.Tabular;

/// <summary>Codes of the problems and notes of an uploaded table. They never change their meaning.</summary>
public static class ImportCodes
{
    // The file as a whole; reading stops.
    public const string EmptyFile = "import.empty_file";
    public const string NotText = "import.not_text";
    public const string UnknownEncoding = "import.unknown_encoding";
    public const string UnclosedQuote = "import.unclosed_quote";
    public const string TooManyRows = "import.too_many_rows";
    public const string HeaderUnreadable = "import.header_unreadable";
    public const string ColumnMissing = "import.column_missing";
    public const string ColumnTwice = "import.column_twice";

    public const string HeaderMerged = "import.header_merged";
    public const string NotWorkbook = "import.not_workbook";
    public const string WorkbookDamaged = "import.workbook_damaged";
    public const string WorkbookEncrypted = "import.workbook_encrypted";
    public const string WorkbookTooLarge = "import.workbook_too_large";
    public const string SheetEmpty = "import.sheet_empty";
    public const string SheetNotFound = "import.sheet_not_found";

    // One row; the row is refused and reading goes on.
    public const string CellTooLarge = "import.cell_too_large";
    public const string RowTooLarge = "import.row_too_large";
    public const string TooManyColumns = "import.too_many_columns";
    public const string TextAfterQuote = "import.text_after_quote";
    public const string WrongCellCount = "import.wrong_cell_count";

    // One cell.
    public const string CellMissing = "import.cell_missing";
    public const string CellError = "import.cell_error";
    public const string FormulaWithoutResult = "import.formula_without_result";
    public const string TextTooLong = "import.text_too_long";
    public const string ControlCharacter = "import.control_character";
    public const string LettersLost = "import.letters_lost";
    public const string DamagedBySpreadsheet = "import.damaged_by_spreadsheet";
    public const string NotANumber = "import.not_a_number";
    public const string NumberAmbiguous = "import.number_ambiguous";
    public const string NumberTooLong = "import.number_too_long";
    public const string NotAWholeNumber = "import.not_a_whole_number";
    public const string OutOfRange = "import.out_of_range";
    public const string UnknownValue = "import.unknown_value";
    public const string NotADate = "import.not_a_date";
    public const string DateAmbiguous = "import.date_ambiguous";
    public const string DateOrderContradicted = "import.date_order_contradicted";
    public const string SerialDate = "import.serial_date";
    public const string TwoDigitYear = "import.two_digit_year";
    public const string DateOutOfRange = "import.date_out_of_range";
    public const string TimeDoesNotExist = "import.time_does_not_exist";

    // Notes.
    public const string EncodingGuessed = "import.encoding_guessed";
    public const string ColumnsIgnored = "import.columns_ignored";
    public const string DateOrderAssumed = "import.date_order_assumed";
    public const string DateOrderMixed = "import.date_order_mixed";
    public const string DecimalSignUnknown = "import.decimal_sign_unknown";
    public const string DecimalSignMixed = "import.decimal_sign_mixed";
    public const string LocalTimeAssumed = "import.local_time_assumed";
    public const string TimeTwice = "import.time_twice";
    public const string SerialDatesRead = "import.serial_dates_read";
    public const string SheetChosen = "import.sheet_chosen";
    public const string NoRows = "import.no_rows";
}
