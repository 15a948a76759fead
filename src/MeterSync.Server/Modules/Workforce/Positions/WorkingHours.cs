using System.Globalization;
using MeterSync.Modules.Settings.Public;
using Microsoft.Extensions.Options;
using NodaTime;

namespace MeterSync.Modules.Workforce.Positions;

/// <summary>When agents may be followed: between two local times of the organisation's zone, every day.</summary>
internal sealed class WorkingHours(IOrganisationSettings organisation, IOptions<WorkforceOptions> options)
{
    private readonly LocalTime start = Parse(options.Value.WorkStart);
    private readonly LocalTime end = Parse(options.Value.WorkEnd);

    /// <summary>Start inclusive, end exclusive; a start after the end spans midnight, the same for both is all day.</summary>
    public bool Contain(DateTimeOffset at)
    {
        var time = Instant.FromDateTimeOffset(at).InZone(organisation.Current.Zone).TimeOfDay;
        return start == end || (start < end ? time >= start && time < end : time >= start || time < end);
    }

    private static LocalTime Parse(string text) => new(int.Parse(text.AsSpan(0, 2), CultureInfo.InvariantCulture), int.Parse(text.AsSpan(3, 2), CultureInfo.InvariantCulture));
}
