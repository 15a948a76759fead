using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using NodaTime;

namespace MeterSync.Store.Imports;

/// <summary>Reads what a form or a command line says about a file.</summary>
internal static class ImportFields
{
    private static readonly Dictionary<string, char> Delimiters = new(StringComparer.OrdinalIgnoreCase)
    {
        [","] = ',',
        [";"] = ';',
        ["|"] = '|',
        ["\t"] = '\t',
        ["comma"] = ',',
        ["semicolon"] = ';',
        ["pipe"] = '|',
        ["tab"] = '\t',
        ["\\t"] = '\t',
    };

    /// <summary>Fields that are empty or not there say nothing; unknown fields are passed over.</summary>
    public static Outcome<ImportSettings> Read(IReadOnlyDictionary<string, string> fields)
    {
        string? Given(string name) => fields.GetValueOrDefault(name) is { Length: > 0 } text ? text : null;
        bool? Flag(string name) => Given(name) is not { } text ? false : ChoiceLists.YesNo.TryRead(text, out var value, out _) ? value : null;
        if (Flag("dry_run") is not { } dryRun)
        {
            return KernelProblems.Invalid.For("dry_run", "dry_run is true or false.");
        }

        if (Flag("partial") is not { } partial)
        {
            return KernelProblems.Invalid.For("partial", "partial is true or false.");
        }

        char delimiter = default;
        if (Given("delimiter") is { } written && !Delimiters.TryGetValue(written.Length == 1 ? written : written.Trim(), out delimiter))
        {
            return KernelProblems.Invalid.For("delimiter", "delimiter is one of: , ; | tab.");
        }

        DecimalSign sign = default;
        if (Given("decimal_sign") is { } signText && !Terms<DecimalSign>.TryParse(signText is "," ? "comma" : signText is "." ? "point" : signText, out sign))
        {
            return KernelProblems.Invalid.For("decimal_sign", "decimal_sign is point or comma.");
        }

        DateOrder order = default;
        if (Given("date_order") is { } orderText && !Terms<DateOrder>.TryParse(orderText, out order))
        {
            return KernelProblems.Invalid.For("date_order", "date_order is day_first or month_first.");
        }

        if (Given("time_zone") is { } zone && DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is null)
        {
            return KernelProblems.Invalid.For("time_zone", $"'{zone}' is no time zone of the IANA database, such as Europe/Kyiv.");
        }

        return new ImportSettings
        {
            DryRun = dryRun,
            Partial = partial,
            Encoding = Given("encoding"),
            Delimiter = Given("delimiter") is null ? null : delimiter,
            DecimalSign = Given("decimal_sign") is null ? null : sign,
            DateOrder = Given("date_order") is null ? null : order,
            TimeZone = Given("time_zone"),
            Sheet = Given("sheet"),
        };
    }
}
