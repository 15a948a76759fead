using System.Text.Json;

namespace MeterSync.Kernel.Web;

/// <summary>Reads a request record from JSON that did not come as a body of its own, by the same rules as a body: wrong types and broken annotations are a problem that names the field.</summary>
public interface IRequestReader
{
    Outcome<TRequest> Read<TRequest>(JsonElement json)
        where TRequest : class;
}
