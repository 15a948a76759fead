using System.Text.Json.Serialization;
using MeterSync.Modules.Meters.Public;

namespace MeterSync.Modules.Meters.Import;

/// <summary>How imports are written into jobs and batches.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(MeterImportResult))]
[JsonSerializable(typeof(MeterBefore))]
internal sealed partial class MeterImportJson : JsonSerializerContext;
