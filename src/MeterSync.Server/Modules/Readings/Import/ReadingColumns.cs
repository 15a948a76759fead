using MeterSync.Kernel.Tabular;
using MeterSync.Metering;

namespace MeterSync.Modules.Readings.Import;

/// <summary>What the file says of a value.</summary>
internal enum ImportedQuality
{
    Read,

    /// <summary>Nobody read it.</summary>
    Estimated,

    /// <summary>A person refused it where the file comes from: it is left out.</summary>
    Rejected,
}

/// <summary>The columns a table of readings may have.</summary>
internal static class ReadingColumns
{
    public static readonly ColumnSet Set = new();

    public static readonly TableColumn SerialNumber = Set.Required("serial_number", ColumnKind.Text, "meter_number", "serial", "serial_no", "meter_serial", "meter_serial_number", "meter_no", "meter", "zählernummer", "номер лічильника", "заводський номер", "номер счетчика", "заводской номер");

    public static readonly TableColumn Value = Set.Required("reading_value", ColumnKind.Number, "value", "reading", "index", "meter_reading", "register_read", "stand", "zählerstand", "показання", "показник", "показания");

    public static readonly TableColumn At = Set.Required("reading_timestamp", ColumnKind.Date, "reading_date", "date", "timestamp", "time", "datetime", "read_at", "reading_at", "read_date", "ablesedatum", "datum", "дата", "дата показань", "дата показаний");

    public static readonly TableColumn Register = Set.Optional("register", ColumnKind.Text, "register_label", "label", "obis", "obis_code", "ordinal", "tariff", "zählwerk", "тариф", "зона");

    public static readonly TableColumn Source = Set.Optional("source", ColumnKind.Text, "reading_source", "read_type", "reading_type", "method", "джерело", "источник");

    public static readonly TableColumn Quality = Set.Optional("quality", ColumnKind.Text, "quality_flag", "status");

    public static readonly TableColumn Agent = Set.Optional("agent", ColumnKind.Text, "agent_id", "reader", "read_by", "контролер");

    public static readonly TableColumn Notes = Set.Optional("notes", ColumnKind.Text, "note", "comment", "remarks", "примітка", "примечание");

    public static readonly ChoiceList<ReadingSource> Sources = new(
        (ReadingSource.Import, ["import", "imported", "actual", "a", "real", "abgelesen"]),
        (ReadingSource.Estimate, ["estimate", "estimated", "e", "est", "geschätzt", "розрахункове", "расчетное"]),
        (ReadingSource.Manual, ["manual", "agent", "field"]),
        (ReadingSource.Customer, ["customer", "client", "self", "споживач", "абонент"]),
        (ReadingSource.Photo, ["photo"]),
        (ReadingSource.Ocr, ["ocr"]),
        (ReadingSource.Telemetry, ["telemetry", "amr", "ami", "remote"]));

    /// <summary>What a quality makes of a value; all words of <see cref="Quality"/> are there, so that an export can be brought back. What was suspect is judged anew.</summary>
    public static readonly ChoiceList<ImportedQuality> Qualities = new(
        (ImportedQuality.Read, ["valid", "actual", "a", "v", "ok", "good", "validated", "verified", "edited", "suspect"]),
        (ImportedQuality.Estimated, ["estimated", "estimate", "e", "est", "s"]),
        (ImportedQuality.Rejected, ["rejected"]));
}
