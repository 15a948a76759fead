using NodaTime;

namespace MeterSync.Modules.Settings.Domain;

/// <summary>Time zones of the IANA database. Fixed offsets that only NodaTime knows (UTC+3) are none.</summary>
internal static class ZoneNames
{
    public const int MaximumLength = 64;

    public static bool IsKnown(string name) => DateTimeZoneProviders.Tzdb.Ids.Contains(name);

    public static DateTimeZone? Find(string name) => IsKnown(name) ? DateTimeZoneProviders.Tzdb[name] : null;
}
