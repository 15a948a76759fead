using System.ComponentModel.DataAnnotations;

namespace MeterSync.Host.Telemetry;

/// <summary>Section <c>Telemetry</c>: where traces and metrics are sent. <c>/metrics</c> answers whatever stands here.</summary>
internal sealed class TelemetryOptions
{
    public const string Section = "Telemetry";

    /// <summary>Seconds between two sendings of the metrics.</summary>
    [Range(1, 3600)]
    public int MetricSeconds { get; set; } = 60;

    /// <summary>The collector, as http://host:4317 (grpc) or http://host:4318 (http/protobuf). Empty sends nothing.</summary>
    public string? OtlpEndpoint { get; set; }

    /// <summary>Sent with every request to the collector, as <c>name=value,name=value</c>; usually the collector's key.</summary>
    public string? OtlpHeaders { get; set; }

    /// <summary>grpc or http/protobuf.</summary>
    [RegularExpression("(?i)^(grpc|http/protobuf)$", ErrorMessage = "Telemetry:OtlpProtocol is grpc or http/protobuf.")]
    public string OtlpProtocol { get; set; } = "grpc";

    /// <summary>The part of the traces that is sent, 0 to 1. Who calls with a traceparent has decided already.</summary>
    [Range(0d, 1d)]
    public double SampleRatio { get; set; } = 1;

    /// <summary>What this installation is called in traces.</summary>
    [Required]
    [StringLength(100)]
    public string ServiceName { get; set; } = "metersync";

    public bool IsSending => !string.IsNullOrWhiteSpace(OtlpEndpoint);

    public bool IsGrpc => OtlpProtocol.Equals("grpc", StringComparison.OrdinalIgnoreCase);

    public bool HasUsableEndpoint => !IsSending || (Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps));

    public bool HasUsableHeaders => string.IsNullOrWhiteSpace(OtlpHeaders) || OtlpHeaders.Split(',').All(header => header.IndexOf('=', StringComparison.Ordinal) > 0);
}
