namespace MeterSync.Host.Demo;

/// <summary>Ribe in Denmark: streets of the old town and the quarters around it. Positions are taken from the street's ends, not surveyed.</summary>
internal static class DemoTown
{
    public const string PostalTown = "6760 Ribe";
    public const string TimeZone = "Europe/Copenhagen";

    private static readonly (string Name, string Quarter, int Houses, double FromLatitude, double FromLongitude, double ToLatitude, double ToLongitude)[] Streets =
    [
        ("Torvet", "old-town", 20, 55.3284, 8.7606, 55.3279, 8.7625),
        ("Overdammen", "old-town", 16, 55.3284, 8.7626, 55.3291, 8.7640),
        ("Nederdammen", "old-town", 40, 55.3295, 8.7648, 55.3303, 8.7667),
        ("Saltgade", "old-town", 50, 55.3303, 8.7667, 55.3318, 8.7697),
        ("Sønderportsgade", "old-town", 30, 55.3276, 8.7622, 55.3262, 8.7625),
        ("Puggårdsgade", "old-town", 22, 55.3278, 8.7609, 55.3266, 8.7605),
        ("Grydergade", "old-town", 12, 55.3286, 8.7598, 55.3284, 8.7607),
        ("Præstegade", "old-town", 18, 55.3280, 8.7600, 55.3273, 8.7592),
        ("Skibbroen", "old-town", 26, 55.3297, 8.7590, 55.3292, 8.7620),
        ("Fiskergade", "old-town", 24, 55.3286, 8.7617, 55.3294, 8.7618),
        ("Sortebrødregade", "old-town", 20, 55.3290, 8.7641, 55.3284, 8.7655),
        ("Badstuegade", "old-town", 14, 55.3274, 8.7624, 55.3270, 8.7636),
        ("Sct. Nicolaj Gade", "station", 28, 55.3292, 8.7649, 55.3284, 8.7672),
        ("Dagmarsgade", "station", 24, 55.3284, 8.7660, 55.3291, 8.7692),
        ("Rosen Allé", "station", 60, 55.3300, 8.7716, 55.3266, 8.7738),
        ("Tangevej", "north", 80, 55.3318, 8.7612, 55.3358, 8.7572),
        ("Vardevej", "north", 60, 55.3330, 8.7642, 55.3392, 8.7650),
        ("Plantagevej", "north", 40, 55.3320, 8.7718, 55.3332, 8.7790),
        ("Seminarievej", "south", 50, 55.3252, 8.7641, 55.3226, 8.7642),
        ("Haderslevvej", "south", 90, 55.3260, 8.7627, 55.3202, 8.7652),
        ("Tøndervej", "south", 70, 55.3260, 8.7600, 55.3192, 8.7562),
    ];

    /// <summary>The address of a household, 0 and up: neighbours in number are neighbours in the street.</summary>
    public static (DemoAddress Address, string Quarter) Home(int household, int households)
    {
        var street = Streets[household * Streets.Length / households];
        var first = ((household * Streets.Length / households * households) + Streets.Length - 1) / Streets.Length;
        var number = Math.Min(street.Houses, 1 + ((household - first) * 2) + (household % 3));
        var along = (double)number / street.Houses;
        return (new DemoAddress(
            street.Name,
            number,
            Math.Round(street.FromLatitude + ((street.ToLatitude - street.FromLatitude) * along), 5),
            Math.Round(street.FromLongitude + ((street.ToLongitude - street.FromLongitude) * along), 5)), street.Quarter);
    }
}
