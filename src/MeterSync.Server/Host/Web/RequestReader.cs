using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using Microsoft.Extensions.Options;
using HttpJsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace MeterSync.Host.Web;

internal sealed class RequestReader(IOptions<HttpJsonOptions> options) : IRequestReader
{
    public Outcome<TRequest> Read<TRequest>(JsonElement json)
        where TRequest : class
    {
        if (json.ValueKind is not JsonValueKind.Object)
        {
            return KernelProblems.Malformed.For("payload", "payload: an object is wanted here.");
        }

        try
        {
            var request = json.Deserialize((JsonTypeInfo<TRequest>)options.Value.SerializerOptions.GetTypeInfo(typeof(TRequest)));
            return request is null ? KernelProblems.Malformed.For("payload", "payload: an object is wanted here.")
                : RequestValidation.FaultOf(request) is { } fault ? fault
                : request;
        }
        catch (JsonException broken)
        {
            return ProblemMapping.OfJson(broken);
        }
    }
}
