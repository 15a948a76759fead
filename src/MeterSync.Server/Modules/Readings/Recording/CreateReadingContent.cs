using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Readings.Domain;

namespace MeterSync.Modules.Readings.Recording;

/// <summary>A request with its spellings settled, before the database is asked.</summary>
internal sealed record CreateReadingContent(ReadingSource Source, DateTimeOffset? At, double? Latitude, double? Longitude, double? AccuracyMetres)
{
    public static Outcome<CreateReadingContent> Of(CreateReadingRequest request)
    {
        if (FaultOf(request) is { Key: { } field, Value: var message })
        {
            return KernelProblems.Invalid.For(field, message);
        }

        if (ValuesOf(request).FirstOrDefault(value => !Bounds.CanHold(value.Value)) is { Field: { } valueField } bad)
        {
            return ReadingProblems.BadValue.For(valueField, $"The value {bad.Value.ToString(CultureInfo.InvariantCulture)} has more than 12 digits before the point or more than 6 behind.");
        }

        if (!TryInstant(request, out var at))
        {
            return KernelProblems.Invalid.For("reading_date", "reading_date is a day like 2026-03-31 or an instant like 2026-03-31T08:15:00Z.");
        }

        var position = request.Location;
        var (latitude, longitude) = (position?.Latitude ?? position?.Lat ?? request.Latitude ?? request.Lat, position?.Longitude ?? position?.Lng ?? position?.Lon ?? request.Longitude ?? request.Lng);
        return latitude is null == longitude is null
            ? new CreateReadingContent(Terms<ReadingSource>.ParseOptional(request.Source) ?? ReadingSource.Manual, at, latitude, longitude, latitude is null ? null : position?.AccuracyM ?? position?.Accuracy ?? request.AccuracyM)
            : KernelProblems.Invalid.For("location", "A position has both latitude and longitude.");
    }

    /// <summary>SHA-256 over what makes the reading the same reading: spelling (12.5 and 12.50), unknown fields and the time of sending do not count.</summary>
    public byte[] HashOf(CreateReadingRequest request)
    {
        var text = new StringBuilder(256).Append("reading/1|").Append(request.MeterId?.ToString() ?? request.SerialNumber?.Trim()).Append('|');
        text.Append(At?.ToUnixMicroseconds().ToString(CultureInfo.InvariantCulture) ?? "-").Append('|').Append(Terms<ReadingSource>.WordOf(Source));
        if (request.ReadingValue is { } main)
        {
            text.Append("|main=").Append(Plain(main));
        }

        foreach (var entry in request.Registers ?? [])
        {
            text.Append('|').Append(entry.RegisterId?.ToString() ?? entry.Label?.Trim() ?? entry.Ordinal?.ToString(CultureInfo.InvariantCulture)).Append('=').Append(Plain(entry.Value!.Value));
        }

        text.Append('|').Append(request.Notes).Append('|').Append(request.PhotoUrl).Append('|').AppendJoin('|', request.Photos ?? []);
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static string Plain(decimal value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static KeyValuePair<string?, string> FaultOf(CreateReadingRequest request) => request switch
    {
        { MeterId: null, SerialNumber: null or "" } => new("meter_id", "Name the meter by meter_id or serial_number."),
        { ReadingValue: null, Registers: null } => new("reading_value", "Give reading_value, or registers with a value each."),
        { ReadingValue: not null, Registers: not null } => new("reading_value", "Give reading_value or registers, not both."),
        { ReadingTimestamp: not null, ReadingDate: not null } => new("reading_date", "Give reading_timestamp or reading_date, not both."),
        { Photos: { } photos } when photos.Any(photo => photo is null or "" or { Length: > 1000 }) => new("photos", "A photo is an id or an address of at most 1,000 characters."),
        { Registers: { } registers } when registers.Any(entry => entry is null || (entry.RegisterId is null && string.IsNullOrWhiteSpace(entry.Label) && entry.Ordinal is null)) => new("registers", "Name each register by register_id, label or ordinal."),
        _ => default,
    };

    private static IEnumerable<(string Field, decimal Value)> ValuesOf(CreateReadingRequest request) =>
        request.ReadingValue is { } main ? [("reading_value", main)] : request.Registers!.Select((entry, index) => ($"registers[{index}].value", entry.Value!.Value));

    private static bool TryInstant(CreateReadingRequest request, out DateTimeOffset? at)
    {
        at = request.ReadingTimestamp?.ToStored();
        if (request.ReadingDate is not { } text)
        {
            return true;
        }

        var isRead = InstantText.TryParse(text, out var instant);
        at = instant;
        return isRead && Instants.IsPlausible(instant);
    }
}
