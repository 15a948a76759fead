using System.Globalization;

namespace MeterSync.Kernel;

/// <summary>A day, which stands for its start in UTC, or an instant; without an offset UTC.</summary>
internal static class InstantText
{
    private static readonly string[] Forms =
        ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd"];

    public static bool TryParse(string? text, out DateTimeOffset instant)
    {
        var isRead = DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant);
        instant = instant.ToStored();
        return isRead;
    }
}
