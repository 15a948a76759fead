using System.Globalization;
using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;

namespace MeterSync.Modules.Workforce.Domain;

/// <summary>Puts places into an order that a person can walk.</summary>
internal static class WalkOrder
{
    private const int Neighbours = 12;
    private const int MostSweeps = 50;

    /// <summary>By street, then house number, then what follows it: "Mill Lane 9", "Mill Lane 9a", "Mill Lane 10". The number may stand before the street ("9 Mill Lane") or behind it.
    /// Places without an address come last.</summary>
    public static IReadOnlyList<T> ByStreet<T>(IEnumerable<T> places, Func<T, string?> addressOf) =>
        [.. places.Select((place, index) => (Place: place, Key: StreetKey.Of(addressOf(place)), Index: index)).OrderBy(row => row.Key).ThenBy(row => row.Index).Select(row => row.Place)];

    /// <summary>A short open walk from the start (or from the first place where none is given): nearest neighbour, then 2-opt between close places until nothing gets shorter.
    /// Places without a position come last, by street.</summary>
    /// <param name="places">In any order; the answer does not depend on it beyond ties.</param>
    /// <param name="positionOf">Null where unknown.</param>
    /// <param name="addressOf">For places without a position.</param>
    /// <param name="start">Where the walk begins; it is no place of its own.</param>
    public static IReadOnlyList<T> ByDistance<T>(IReadOnlyList<T> places, Func<T, Position?> positionOf, Func<T, string?> addressOf, Position? start)
    {
        var placed = places.Select(place => (Place: place, At: positionOf(place))).Where(row => row.At is not null).Select(row => (row.Place, At: row.At!.Value)).ToArray();
        var rest = ByStreet(places.Where(place => positionOf(place) is null), addressOf);
        if (placed.Length == 0)
        {
            return rest;
        }

        var plane = new Plane([.. placed.Select(row => row.At)], start);
        var tour = plane.NearestNeighbour();
        plane.Untangle(tour, Neighbours, MostSweeps);
        return [.. tour.Select(index => placed[index].Place), .. rest];
    }

    /// <summary>Length of an open walk in metres.</summary>
    public static double MetresOf(IReadOnlyList<Position> walk)
    {
        var metres = 0d;
        for (var index = 1; index < walk.Count; index++)
        {
            metres += walk[index - 1].MetresTo(walk[index]);
        }

        return metres;
    }
}

/// <summary>What a street address sorts by.</summary>
internal readonly record struct StreetKey(bool IsUnknown, string Street, long Number, string Rest) : IComparable<StreetKey>
{
    public static StreetKey Of(string? address)
    {
        if (string.IsNullOrWhiteSpace(address))
        {
            return new StreetKey(true, "", 0, "");
        }

        // What follows the first comma is the town, which neighbours share.
        var text = address.Normalize(System.Text.NormalizationForm.FormKC).ToLowerInvariant();
        var comma = text.IndexOfAny([',', '\n']);
        var (line, town) = comma < 0 ? (text, "") : (text[..comma], text[(comma + 1)..]);
        var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var at = Array.FindLastIndex(words, word => char.IsAsciiDigit(word[0]));
        if (at < 0)
        {
            return new StreetKey(false, Join(town, string.Join(' ', words)), 0, "");
        }

        var digits = words[at].TakeWhile(char.IsAsciiDigit).Count();
        var number = long.TryParse(words[at].AsSpan(0, Math.Min(digits, 15)), NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
        var street = at == 0 ? string.Join(' ', words[1..]) : string.Join(' ', words[..at]);
        var rest = at == 0 ? words[at][digits..] : string.Join(' ', [words[at][digits..], .. words[(at + 1)..]]).Trim();
        return new StreetKey(false, Join(town, street), number, rest);
    }

    public int CompareTo(StreetKey other)
    {
        var order = IsUnknown.CompareTo(other.IsUnknown);
        order = order != 0 ? order : string.CompareOrdinal(Street, other.Street);
        order = order != 0 ? order : Number.CompareTo(other.Number);
        return order != 0 ? order : string.CompareOrdinal(Rest, other.Rest);
    }

    private static string Join(string town, string street) => $"{town.Trim()}\u0001{street}";
}
