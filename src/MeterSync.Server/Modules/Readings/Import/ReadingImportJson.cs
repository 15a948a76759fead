using System.Text.Json.Serialization;
using MeterSync.Modules.Readings.Public;

namespace MeterSync.Modules.Readings.Import;

/// <summary>How imports are written into jobs.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ReadingImportResult))]
[JsonSerializable(typeof(ReadingImportInput))]
internal sealed partial class ReadingImportJson : JsonSerializerContext;

/// <summary>What the job of an import is given.</summary>
internal sealed record ReadingImportInput(string FileName, ReadingImportSettings Settings);
