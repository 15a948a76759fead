using System.Globalization;
using System.Text.Json;

namespace MeterSync.Host.Configuration;

/// <summary>How the values of aliases are read.</summary>
internal static class AliasValues
{
    private const int MinutesPerHour = 60;
    private static readonly string[] Yes = ["1", "true", "yes", "on", "y", "t"];
    private static readonly string[] No = ["0", "false", "no", "off", "n", "f"];

    /// <summary>As it is.</summary>
    public static Func<string, AliasMeaning> Text(string key) => value => AliasMeaning.Of(key, value);

    public static Func<string, AliasMeaning> Whole(string key, string unit) => value =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? AliasMeaning.Of(key, Plain(number))
            : AliasMeaning.Wrong($"is no whole number of {unit}.");

    /// <summary>One number for several settings.</summary>
    public static Func<string, AliasMeaning> WholeOfAll(string unit, params string[] keys) => value =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? new AliasMeaning([.. keys.Select(key => new KeyValuePair<string, string>(key, value))], [])
            : AliasMeaning.Wrong($"is no whole number of {unit}.");

    /// <summary>Hours for a setting in minutes; half an hour is one, too.</summary>
    public static Func<string, AliasMeaning> HoursAsMinutes(string key) => value =>
        decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var hours) && hours < int.MaxValue / MinutesPerHour && decimal.IsInteger(hours * MinutesPerHour)
            ? AliasMeaning.Of(key, Plain((int)(hours * MinutesPerHour)))
            : AliasMeaning.Wrong("is no number of hours that makes whole minutes.");

    /// <summary>A switch under a name that other programs use as well: what is no word for on or off was not meant for us.</summary>
    public static Func<string, AliasMeaning> Switch(string name, string key, string on, string? off) => value =>
        Yes.Contains(value, StringComparer.OrdinalIgnoreCase) ? AliasMeaning.Of(key, on)
        : No.Contains(value, StringComparer.OrdinalIgnoreCase) ? (off is null ? AliasMeaning.Nothing() : AliasMeaning.Of(key, off))
        : AliasMeaning.Nothing($"{name} is neither on nor off (1, true, yes, on; 0, false, no, off), so it has no effect.");

    /// <summary>Separated by commas, or a JSON array of texts; one text with commas for us, which takes the place of a whole list in metersync.json.</summary>
    public static Func<string, AliasMeaning> List(string key) => value =>
    {
        var items = value.StartsWith('[') ? OfJson(value) : value.Split(',');
        return items is null
            ? AliasMeaning.Wrong("is neither a list separated by commas nor a JSON array of texts.")
            : AliasMeaning.Of(key, string.Join(',', items.Select(item => item.Trim()).Where(item => item.Length > 0)));
    };

    /// <summary>MeterSync does it one way only.</summary>
    public static Func<string, AliasMeaning> Fixed(string name, string only) => value =>
        value.Equals(only, StringComparison.OrdinalIgnoreCase) ? AliasMeaning.Nothing() : AliasMeaning.Nothing($"{name} has no effect: it is always {only}.");

    public static Func<string, AliasMeaning> Unknown(string name, string instead) => _ => AliasMeaning.Nothing($"{name} has no effect in this release: {instead}");

    private static string[]? OfJson(string value)
    {
        try
        {
            using var json = JsonDocument.Parse(value);
            return [.. json.RootElement.EnumerateArray().Select(item => item.GetString() ?? throw new JsonException())];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Plain(int number) => number.ToString(CultureInfo.InvariantCulture);
}
