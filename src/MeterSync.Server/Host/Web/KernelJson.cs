using System.Text.Json;
using System.Text.Json.Serialization;
using MeterSync.Host.Health;
using MeterSync.Host.Web.Field;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;

namespace MeterSync.Host.Web;

[JsonSerializable(typeof(ErrorEnvelope))]
[JsonSerializable(typeof(Envelope<JobView>))]
[JsonSerializable(typeof(Envelope<Page<JobView>>))]
[JsonSerializable(typeof(Envelope<Done>))]
[JsonSerializable(typeof(Envelope<HealthReport>))]
[JsonSerializable(typeof(Envelope<StatusReport>))]
[JsonSerializable(typeof(Envelope<DetailedReport>))]
[JsonSerializable(typeof(FieldSettings))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class KernelJson : JsonSerializerContext;
