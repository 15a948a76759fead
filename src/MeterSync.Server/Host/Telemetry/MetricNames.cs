using System.Text;

namespace MeterSync.Host.Telemetry;

/// <summary>Names as Prometheus wants them: <c>http.server.request.duration</c> in s becomes <c>http_server_request_duration_seconds</c>.</summary>
internal static class MetricNames
{
    /// <param name="instrument">The instrument's name.</param>
    /// <param name="unit">In UCUM, as instruments tell it; what stands in braces is no unit but a note.</param>
    /// <param name="counts">Only ever grows.</param>
    public static string Of(string instrument, string? unit, bool counts)
    {
        var name = Sanitized(instrument);
        var suffix = unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            "1" when !counts => "_ratio",
            "%" => "_percent",
            _ => "",
        };
        name = name.EndsWith(suffix, StringComparison.Ordinal) ? name : name + suffix;
        return !counts || name.EndsWith("_total", StringComparison.Ordinal) ? name : name + "_total";
    }

    /// <summary>Letters, digits and single underscores, no digit first.</summary>
    public static string Sanitized(string text)
    {
        var name = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (char.IsAsciiLetterOrDigit(letter))
            {
                name.Append(letter);
            }
            else if (name.Length == 0 || name[^1] != '_')
            {
                name.Append('_');
            }
        }

        return name.Length == 0 || char.IsAsciiDigit(name[0]) ? "_" + name : name.ToString();
    }
}
