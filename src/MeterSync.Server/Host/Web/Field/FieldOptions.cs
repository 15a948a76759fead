using System.ComponentModel.DataAnnotations;

namespace MeterSync.Host.Web.Field;

/// <summary>Section <c>Field</c>: what the field app is told at <c>/field/settings.json</c>. Whoever can reach the server reads it.</summary>
internal sealed class FieldOptions
{
    public const string Section = "Field";

    private static readonly string[] Places = ["{z}", "{x}", "{y}"];

    /// <summary>Only so that a path of this server can be judged as the address it becomes.</summary>
    private static readonly Uri OwnServer = new("https://own.invalid");

    /// <summary>Minutes without a touch after which the app asks for its PIN.</summary>
    [Range(1, 1440)]
    public int LockMinutes { get; set; } = 15;

    /// <summary>Shown on the map, as plain text: who made the tiles.</summary>
    [StringLength(200)]
    public string? TileAttribution { get; set; }

    /// <summary>The closest zoom the tile source has; the map enlarges its tiles beyond.</summary>
    [Range(1, 24)]
    public int TileMaxZoom { get; set; } = 19;

    /// <summary>Raster tiles: an address with {z}, {x} and {y} by https, or a path of this server. Empty: the app draws its own base map.</summary>
    [StringLength(1000)]
    public string? TileUrl { get; set; }

    public bool HasUsableTileUrl => string.IsNullOrEmpty(TileUrl) || AddressOf(TileUrl) is not null;

    public bool HasPlainAttribution => TileAttribution?.AsSpan().IndexOfAny('<', '>') is not >= 0;

    /// <summary>Scheme, host and port that tiles come from, as a policy names them; null where they come from this server or are not set.</summary>
    public string? TileOrigin => TileUrl is { Length: > 0 } && AddressOf(TileUrl) is { } address && address.Host != OwnServer.Host
        ? $"https://{address.IdnHost}{(address.IsDefaultPort ? "" : $":{address.Port}")}"
        : null;

    private static Uri? AddressOf(string template)
    {
        if (!Array.TrueForAll(Places, place => template.Contains(place, StringComparison.Ordinal)) || template.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter is '\\' or '#'))
        {
            return null;
        }

        var tile = Places.Aggregate(template, (text, place) => text.Replace(place, "0", StringComparison.Ordinal));
        var absolute = template.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        var ours = template.StartsWith('/') && !template.StartsWith("//", StringComparison.Ordinal);
        return (absolute || ours)
            && !tile.AsSpan().ContainsAny('{', '}')
            && Uri.TryCreate(absolute ? null : OwnServer, tile, out var address)
            && address is { UserInfo: "", HostNameType: UriHostNameType.Dns or UriHostNameType.IPv4 }
            && !(absolute && HostOf(template).Contains('{', StringComparison.Ordinal))
            ? address
            : null;
    }

    /// <summary>A number in the host's name would be another host for each tile, which no policy can name.</summary>
    private static string HostOf(string template) => template["https://".Length..].Split('/', '?')[0];
}
