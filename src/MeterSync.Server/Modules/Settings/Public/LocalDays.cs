using MeterSync.Kernel;
using NodaTime;
using NodaTime.Text;

namespace MeterSync.Modules.Settings.Public;

/// <summary>Turns what people write as the ends of a period into instants: a date is a local day of the organisation's time zone.</summary>
internal sealed class LocalDays(IOrganisationSettings organisation)
{
    private static readonly LocalDate Earliest = new(1900, 1, 1);
    private static readonly LocalDate Latest = new(2199, 12, 31);

    /// <summary>The start of the date, or the instant.</summary>
    /// <param name="field">Name the problem gives it.</param>
    /// <param name="text"><c>2026-03-01</c>, or an instant with Z or an offset.</param>
    public Outcome<DateTimeOffset> Start(string field, string text) => Parse(organisation.Current.Zone, field, text, daysLater: 0);

    /// <summary>The start of the day after the date, or the instant: for ends that people mean to include.</summary>
    public Outcome<DateTimeOffset> EndOfDay(string field, string text) => Parse(organisation.Current.Zone, field, text, daysLater: 1);

    /// <summary>Start inclusive, end exclusive.</summary>
    public Outcome<(DateTimeOffset From, DateTimeOffset To)> Period(string fromField, string from, string toField, string to)
    {
        var zone = organisation.Current.Zone; // once: both ends are days of the same zone, also while somebody changes it
        var start = Parse(zone, fromField, from, daysLater: 0);
        var end = Parse(zone, toField, to, daysLater: 0);
        return !start.Succeeded ? start.Problem
            : !end.Succeeded ? end.Problem
            : end.Value <= start.Value ? KernelProblems.Invalid.For(toField, $"{toField} is not after {fromField}. The period ends before {toField}: March is 2026-03-01 to 2026-04-01.")
            : (start.Value, end.Value);
    }

    /// <summary>An instant for people: the local date where it is the start of one, else the UTC time.</summary>
    public string Say(DateTimeOffset instant)
    {
        var zone = organisation.Current.Zone;
        var local = Instant.FromDateTimeOffset(instant).InZone(zone);
        return zone.AtStartOfDay(local.Date) == local ? LocalDatePattern.Iso.Format(local.Date) : InstantPattern.General.Format(Instant.FromDateTimeOffset(instant));
    }

    private static Outcome<DateTimeOffset> Parse(DateTimeZone zone, string field, string text, int daysLater)
    {
        if (LocalDatePattern.Iso.Parse(text.Trim()) is { Success: true, Value: var day } && day >= Earliest && day <= Latest)
        {
            return zone.AtStartOfDay(day.PlusDays(daysLater)).ToDateTimeOffset().ToStored();
        }

        return OffsetDateTimePattern.ExtendedIso.Parse(text.Trim()) is { Success: true, Value: var at } && at.Date >= Earliest && at.Date <= Latest
            ? at.ToDateTimeOffset().ToStored()
            : KernelProblems.Invalid.For(field, $"{field} is a date like 2026-03-01, or an instant like 2026-03-01T00:00:00Z, from 1900 to 2199.");
    }
}
