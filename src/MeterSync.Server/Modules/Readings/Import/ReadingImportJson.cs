using System.Text.Json.Serialization;
using MeterSync.Modules.Readings.Public;

namespace MeterSync.Modules.Readings.Import;

/// <summary>How imports are written into jobs.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ReadingImportResult))]
internal sealed partial class ReadingImportJson : JsonSerializerContext;
