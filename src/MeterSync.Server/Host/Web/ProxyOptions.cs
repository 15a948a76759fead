namespace MeterSync.Host.Web;

/// <summary>Section <c>Http</c>.</summary>
internal sealed class ProxyOptions
{
    public const string Section = "Http";

    /// <summary>Addresses and ranges of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.</summary>
    public IReadOnlyList<string> TrustedProxies { get; set; } = ["127.0.0.0/8", "::1"];
}
