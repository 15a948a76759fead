using System.Text.Json.Serialization;
using MeterSync.Kernel.Tabular;
using MeterSync.Metering;
using MeterSync.Modules.Billing.Public;

namespace MeterSync.Modules.Reports.Exporting;

/// <summary>What an export job is asked for.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive.</param>
internal sealed record ExportInput(
    ExportType Type,
    DateTimeOffset? From,
    DateTimeOffset? To,
    Guid? MeterId,
    ReadingState? State,
    ReadingSource? Source,
    MeterStatus? Status,
    MeterType? MeterType,
    string? LocationId,
    Guid? BillingRunId,
    int? Adjustment,
    BillingState? BillingState,
    char Delimiter,
    bool DecimalComma,
    bool Bom,
    TableFormat Format = TableFormat.Csv,
    Guid? CycleId = null,
    Guid? AgentId = null,
    bool Photos = false)
{
    public TableWriteOptions Look() => new() { Delimiter = Delimiter, DecimalSign = DecimalComma ? DecimalSign.Comma : DecimalSign.Point, WithByteOrderMark = Bom };
}

/// <summary>How a file looks: the signs of a text, the photos of a workbook.</summary>
internal sealed record ExportLook(char Delimiter = ',', bool DecimalComma = false, bool Bom = false, bool Photos = false);

/// <summary>What a finished export says.</summary>
/// <param name="Rows">Without the heading.</param>
/// <param name="Photos">Shown in the workbook; null where none were asked for.</param>
/// <param name="PhotosLeftOut">Readings that have photos and show none, because the workbook has as many as it may.</param>
internal sealed record ExportResult(
    string Type,
    long Rows,
    long Bytes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Photos = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? PhotosLeftOut = null);

/// <summary>What a table has to tell beyond its rows.</summary>
internal sealed record PhotoTally(int Shown, int LeftOut);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ExportInput))]
[JsonSerializable(typeof(ExportResult))]
internal sealed partial class ExportInputJson : JsonSerializerContext;
