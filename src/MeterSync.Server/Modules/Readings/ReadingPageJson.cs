using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Readings.Domain;

namespace MeterSync.Modules.Readings;

/// <summary>Writes a page of readings, or a single one, as the serializer would, member by member, without its detours: no other answers are sent as often,
/// and a page has some thousand members. ReadingPageJsonTests compares the two.</summary>
internal static class ReadingPageJson
{
    public static void Write(Utf8JsonWriter json, Page<ReadingView> page)
    {
        json.WriteStartObject();
        json.WriteStartArray("items"u8);
        foreach (var reading in page.Items)
        {
            Write(json, reading);
        }

        json.WriteEndArray();
        Write(json, "total"u8, page.Total);
        json.WriteBoolean("total_capped"u8, page.TotalCapped);
        Write(json, "page"u8, page.Number);
        json.WriteNumber("limit"u8, page.Limit);
        Write(json, "pages"u8, page.Pages);
        json.WriteBoolean("has_next"u8, page.HasNext);
        json.WriteBoolean("has_prev"u8, page.HasPrev);
        json.WriteString("next_cursor"u8, page.NextCursor);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, ReadingView reading)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, reading.Id);
        Write(json, "client_id"u8, reading.ClientId);
        json.WriteString("meter_id"u8, reading.MeterId);
        json.WriteString("serial_number"u8, reading.SerialNumber);
        Write(json, "reading_value"u8, reading.ReadingValue);
        Write(json, "reading_timestamp"u8, reading.ReadingTimestamp);
        Write(json, "received_at"u8, reading.ReceivedAt);
        Write(json, "source"u8, reading.Source);
        Write(json, "agent_id"u8, reading.AgentId);
        json.WriteString("device_id"u8, reading.DeviceId);
        Write(json, reading.Location);
        json.WriteString("notes"u8, reading.Notes);
        json.WriteString("photo_url"u8, reading.PhotoUrl);
        Write(json, "photos"u8, reading.Photos);
        json.WriteBoolean("double_entered"u8, reading.DoubleEntered);
        Write(json, "state"u8, reading.State);
        Write(json, "quality"u8, reading.Quality);
        json.WriteBoolean("verified"u8, reading.Verified);
        Write(json, "verified_at"u8, reading.VerifiedAt);
        Write(json, "verified_by"u8, reading.VerifiedBy);
        Write(json, "decided_at"u8, reading.DecidedAt);
        Write(json, "decided_by"u8, reading.DecidedBy);
        json.WriteString("decision_note"u8, reading.DecisionNote);
        json.WriteNumber("version"u8, reading.Version);
        Write(json, "values"u8, reading.Values);
        Write(json, "superseded"u8, reading.Superseded);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, LocationView? location)
    {
        if (location is null)
        {
            json.WriteNull("location"u8);
            return;
        }

        json.WriteStartObject("location"u8);
        json.WriteNumber("latitude"u8, location.Latitude);
        json.WriteNumber("longitude"u8, location.Longitude);
        if (location.AccuracyM is { } accuracy)
        {
            json.WriteNumber("accuracy_m"u8, accuracy);
        }
        else
        {
            json.WriteNull("accuracy_m"u8);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<ReadingValueView>? values)
    {
        if (values is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, value.Id);
            json.WriteString("register_id"u8, value.RegisterId);
            json.WriteNumber("ordinal"u8, value.Ordinal);
            json.WriteString("label"u8, value.Label);
            json.WriteString("unit"u8, value.Unit);
            json.WriteNumber("value"u8, value.Value.Plain());
            Write(json, value.Verdict);
            Write(json, "supersedes_id"u8, value.SupersedesId);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, VerdictView verdict)
    {
        json.WriteStartObject("verdict"u8);
        Write(json, "state"u8, verdict.State);
        Write(json, "quality"u8, verdict.Quality);
        Write(json, "flags"u8, verdict.Flags);
        json.WriteStartArray("findings"u8);
        foreach (var finding in verdict.Findings)
        {
            json.WriteStartObject();
            json.WriteString("rule"u8, finding.Rule);
            Write(json, "effect"u8, finding.Effect);
            json.WriteString("message"u8, finding.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Write(json, "consumption"u8, verdict.Consumption);
        Write(json, "days"u8, verdict.Days);
        Write(json, "average_daily_use"u8, verdict.AverageDailyUse);
        Write(json, verdict.Expected);
        json.WriteBoolean("rolled_over"u8, verdict.RolledOver);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ExpectedView? expected)
    {
        if (expected is null)
        {
            json.WriteNull("expected"u8);
            return;
        }

        json.WriteStartObject("expected"u8);
        Write(json, "low"u8, expected.Low);
        Write(json, "high"u8, expected.High);
        json.WriteNumber("average_daily_use"u8, expected.AverageDailyUse.Plain());
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void Write<TEnum>(Utf8JsonWriter json, ReadOnlySpan<byte> name, TEnum value)
        where TEnum : struct, Enum => json.WriteString(name, Terms<TEnum>.WordOf(value));

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset instant)
    {
        Span<byte> text = stackalloc byte[Instants.LongestText];
        json.WriteString(name, text[..instant.Format(text)]);
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? instant)
    {
        if (instant is { } known)
        {
            Write(json, name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, Guid? id)
    {
        if (id is { } known)
        {
            json.WriteString(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, int? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, decimal? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, known.Plain());
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
