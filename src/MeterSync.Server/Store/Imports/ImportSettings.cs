using System.Text.Json.Serialization;
using MeterSync.Kernel.Tabular;
using NodaTime;

namespace MeterSync.Store.Imports;

/// <summary>What a person said about a table to import.</summary>
internal sealed record ImportSettings
{
    /// <summary>Say what would happen and change nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Import the good rows even where others have problems. A file that could not be read to its end is refused all the same.</summary>
    public bool Partial { get; init; }

    /// <summary>Encoding name; null finds out.</summary>
    public string? Encoding { get; init; }

    /// <summary>The character between cells; null finds out.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Null finds out.</summary>
    public DecimalSign? DecimalSign { get; init; }

    /// <summary>Null finds out.</summary>
    public DateOrder? DateOrder { get; init; }

    /// <summary>IANA zone of times without an offset; null is UTC.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Name or number of a workbook's sheet; null chooses.</summary>
    public string? Sheet { get; init; }

    public TableReadOptions ToReadOptions() => new()
    {
        KeptProblems = ImportFindings.Kept,
        Sheet = Sheet,
        Encoding = Encoding,
        Delimiter = Delimiter,
        DecimalSign = DecimalSign,
        DateOrder = DateOrder,
        TimeZone = (TimeZone is null ? null : DateTimeZoneProviders.Tzdb.GetZoneOrNull(TimeZone)) ?? DateTimeZone.Utc,
    };
}

/// <summary>What the job of an import is given.</summary>
internal sealed record ImportInput(string FileName, ImportSettings Settings);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ImportInput))]
internal sealed partial class ImportInputJson : JsonSerializerContext;
