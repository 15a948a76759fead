using System.Globalization;

namespace MeterSync.Kernel.Web;

/// <summary>Versions of editable resources as ETag and If-Match headers: <c>"7"</c>.</summary>
public static class EntityTag
{
    public static string Of(int version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>The version the caller says it read; null without the header or with <c>*</c>. A header that is no version of ours matches nothing (-1).</summary>
    public static int? ExpectedBy(HttpRequest request)
    {
        var header = request.Headers.IfMatch.ToString();
        if (header.Length == 0 || header == "*")
        {
            return null;
        }

        var digits = header.StartsWith("W/", StringComparison.Ordinal) ? header[2..] : header;
        return int.TryParse(digits.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1;
    }
}
