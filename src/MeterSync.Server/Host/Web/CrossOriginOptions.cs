namespace MeterSync.Host.Web;

/// <summary>Section <c>Cors</c>.</summary>
internal sealed class CrossOriginOptions
{
    public const string Section = "Cors";

    /// <summary>Origins of web pages elsewhere that may call the API, as https://office.example.com.</summary>
    public IReadOnlyList<string> Origins { get; set; } = [];
}
