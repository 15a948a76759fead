using System.Text.Json.Serialization;
using MeterSync.Modules.Meters.Public;

namespace MeterSync.Modules.Meters.Import;

/// <summary>How imports are written into jobs and batches.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(MeterImportSettings))]
[JsonSerializable(typeof(MeterImportResult))]
[JsonSerializable(typeof(MeterImportInput))]
[JsonSerializable(typeof(MeterBefore))]
internal sealed partial class MeterImportJson : JsonSerializerContext;

/// <summary>What the job of an import is given.</summary>
internal sealed record MeterImportInput(string FileName, MeterImportSettings Settings);
