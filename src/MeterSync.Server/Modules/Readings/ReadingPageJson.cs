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
        json.WriteStartArray(Names.Items);
        foreach (var reading in page.Items)
        {
            Write(json, reading);
        }

        json.WriteEndArray();
        Write(json, Names.Total, page.Total);
        json.WriteBoolean(Names.TotalCapped, page.TotalCapped);
        Write(json, Names.Page, page.Number);
        json.WriteNumber(Names.Limit, page.Limit);
        Write(json, Names.Pages, page.Pages);
        json.WriteBoolean(Names.HasNext, page.HasNext);
        json.WriteBoolean(Names.HasPrev, page.HasPrev);
        json.WriteString(Names.NextCursor, page.NextCursor);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, ReadingView reading)
    {
        json.WriteStartObject();
        json.WriteString(Names.Id, reading.Id);
        Write(json, Names.ClientId, reading.ClientId);
        json.WriteString(Names.MeterId, reading.MeterId);
        json.WriteString(Names.SerialNumber, reading.SerialNumber);
        Write(json, Names.ReadingValue, reading.ReadingValue);
        Write(json, Names.ReadingTimestamp, reading.ReadingTimestamp);
        Write(json, Names.ReceivedAt, reading.ReceivedAt);
        Write(json, Names.Source, reading.Source);
        Write(json, Names.AgentId, reading.AgentId);
        json.WriteString(Names.DeviceId, reading.DeviceId);
        Write(json, reading.Location);
        json.WriteString(Names.Notes, reading.Notes);
        json.WriteString(Names.PhotoUrl, reading.PhotoUrl);
        Write(json, Names.Photos, reading.Photos);
        Write(json, Names.Evidence, reading.Evidence);
        json.WriteBoolean(Names.DoubleEntered, reading.DoubleEntered);
        Write(json, Names.State, reading.State);
        Write(json, Names.Quality, reading.Quality);
        json.WriteBoolean(Names.Verified, reading.Verified);
        Write(json, Names.VerifiedAt, reading.VerifiedAt);
        Write(json, Names.VerifiedBy, reading.VerifiedBy);
        Write(json, Names.DecidedAt, reading.DecidedAt);
        Write(json, Names.DecidedBy, reading.DecidedBy);
        json.WriteString(Names.DecisionNote, reading.DecisionNote);
        json.WriteNumber(Names.Version, reading.Version);
        Write(json, Names.Values, reading.Values);
        Write(json, Names.Superseded, reading.Superseded);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, LocationView? location)
    {
        if (location is null)
        {
            json.WriteNull(Names.Location);
            return;
        }

        json.WriteStartObject(Names.Location);
        json.WriteNumber(Names.Latitude, location.Latitude);
        json.WriteNumber(Names.Longitude, location.Longitude);
        if (location.AccuracyM is { } accuracy)
        {
            json.WriteNumber(Names.AccuracyM, accuracy);
        }
        else
        {
            json.WriteNull(Names.AccuracyM);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, JsonEncodedText name, IReadOnlyList<ReadingValueView>? values)
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
            json.WriteString(Names.Id, value.Id);
            json.WriteString(Names.RegisterId, value.RegisterId);
            json.WriteNumber(Names.Ordinal, value.Ordinal);
            json.WriteString(Names.Label, value.Label);
            json.WriteString(Names.Unit, value.Unit);
            json.WriteNumber(Names.Value, value.Value.Plain());
            Write(json, value.Verdict);
            Write(json, Names.SupersedesId, value.SupersedesId);
            Write(json, value.Estimate);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, VerdictView verdict)
    {
        json.WriteStartObject(Names.Verdict);
        Write(json, Names.State, verdict.State);
        Write(json, Names.Quality, verdict.Quality);
        Write(json, Names.Flags, verdict.Flags);
        json.WriteStartArray(Names.Findings);
        foreach (var finding in verdict.Findings)
        {
            json.WriteStartObject();
            json.WriteString(Names.Rule, finding.Rule);
            Write(json, Names.Effect, finding.Effect);
            json.WriteString(Names.Message, finding.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Write(json, Names.Consumption, verdict.Consumption);
        Write(json, Names.Days, verdict.Days);
        Write(json, Names.AverageDailyUse, verdict.AverageDailyUse);
        Write(json, verdict.Expected);
        json.WriteBoolean(Names.RolledOver, verdict.RolledOver);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, EstimateView? estimate)
    {
        if (estimate is null)
        {
            return;
        }

        json.WriteStartObject(Names.Estimate);
        Write(json, Names.Method, estimate.Method);
        json.WriteStartArray(Names.Inputs);
        foreach (var input in estimate.Inputs)
        {
            json.WriteStartObject();
            json.WriteString(Names.Name, input.Name);
            json.WriteNumber(Names.Value, input.Value.Plain());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString(Names.Explanation, estimate.Explanation);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ExpectedView? expected)
    {
        if (expected is null)
        {
            json.WriteNull(Names.Expected);
            return;
        }

        json.WriteStartObject(Names.Expected);
        Write(json, Names.Low, expected.Low);
        Write(json, Names.High, expected.High);
        json.WriteNumber(Names.AverageDailyUse, expected.AverageDailyUse.Plain());
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, JsonEncodedText name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void Write<TEnum>(Utf8JsonWriter json, JsonEncodedText name, TEnum value)
        where TEnum : struct, Enum => json.WriteString(name, Terms<TEnum>.JsonOf(value));

    private static void Write(Utf8JsonWriter json, JsonEncodedText name, DateTimeOffset instant)
    {
        Span<byte> text = stackalloc byte[Instants.LongestText];
        json.WriteString(name, text[..instant.Format(text)]);
    }

    private static void Write(Utf8JsonWriter json, JsonEncodedText name, DateTimeOffset? instant)
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

    private static void Write(Utf8JsonWriter json, JsonEncodedText name, Guid? id)
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

    private static void Write(Utf8JsonWriter json, JsonEncodedText name, int? number)
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

    private static void Write(Utf8JsonWriter json, JsonEncodedText name, decimal? number)
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

    /// <summary>Looked through for what needs escaping once, not each time.</summary>
    private static class Names
    {
        public static readonly JsonEncodedText Items = JsonEncodedText.Encode("items");
        public static readonly JsonEncodedText Total = JsonEncodedText.Encode("total");
        public static readonly JsonEncodedText TotalCapped = JsonEncodedText.Encode("total_capped");
        public static readonly JsonEncodedText Page = JsonEncodedText.Encode("page");
        public static readonly JsonEncodedText Limit = JsonEncodedText.Encode("limit");
        public static readonly JsonEncodedText Pages = JsonEncodedText.Encode("pages");
        public static readonly JsonEncodedText HasNext = JsonEncodedText.Encode("has_next");
        public static readonly JsonEncodedText HasPrev = JsonEncodedText.Encode("has_prev");
        public static readonly JsonEncodedText NextCursor = JsonEncodedText.Encode("next_cursor");
        public static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
        public static readonly JsonEncodedText ClientId = JsonEncodedText.Encode("client_id");
        public static readonly JsonEncodedText MeterId = JsonEncodedText.Encode("meter_id");
        public static readonly JsonEncodedText SerialNumber = JsonEncodedText.Encode("serial_number");
        public static readonly JsonEncodedText ReadingValue = JsonEncodedText.Encode("reading_value");
        public static readonly JsonEncodedText ReadingTimestamp = JsonEncodedText.Encode("reading_timestamp");
        public static readonly JsonEncodedText ReceivedAt = JsonEncodedText.Encode("received_at");
        public static readonly JsonEncodedText Source = JsonEncodedText.Encode("source");
        public static readonly JsonEncodedText AgentId = JsonEncodedText.Encode("agent_id");
        public static readonly JsonEncodedText DeviceId = JsonEncodedText.Encode("device_id");
        public static readonly JsonEncodedText Notes = JsonEncodedText.Encode("notes");
        public static readonly JsonEncodedText PhotoUrl = JsonEncodedText.Encode("photo_url");
        public static readonly JsonEncodedText Photos = JsonEncodedText.Encode("photos");
        public static readonly JsonEncodedText Evidence = JsonEncodedText.Encode("evidence");
        public static readonly JsonEncodedText DoubleEntered = JsonEncodedText.Encode("double_entered");
        public static readonly JsonEncodedText State = JsonEncodedText.Encode("state");
        public static readonly JsonEncodedText Quality = JsonEncodedText.Encode("quality");
        public static readonly JsonEncodedText Verified = JsonEncodedText.Encode("verified");
        public static readonly JsonEncodedText VerifiedAt = JsonEncodedText.Encode("verified_at");
        public static readonly JsonEncodedText VerifiedBy = JsonEncodedText.Encode("verified_by");
        public static readonly JsonEncodedText DecidedAt = JsonEncodedText.Encode("decided_at");
        public static readonly JsonEncodedText DecidedBy = JsonEncodedText.Encode("decided_by");
        public static readonly JsonEncodedText DecisionNote = JsonEncodedText.Encode("decision_note");
        public static readonly JsonEncodedText Version = JsonEncodedText.Encode("version");
        public static readonly JsonEncodedText Values = JsonEncodedText.Encode("values");
        public static readonly JsonEncodedText Superseded = JsonEncodedText.Encode("superseded");
        public static readonly JsonEncodedText Location = JsonEncodedText.Encode("location");
        public static readonly JsonEncodedText Latitude = JsonEncodedText.Encode("latitude");
        public static readonly JsonEncodedText Longitude = JsonEncodedText.Encode("longitude");
        public static readonly JsonEncodedText AccuracyM = JsonEncodedText.Encode("accuracy_m");
        public static readonly JsonEncodedText RegisterId = JsonEncodedText.Encode("register_id");
        public static readonly JsonEncodedText Ordinal = JsonEncodedText.Encode("ordinal");
        public static readonly JsonEncodedText Label = JsonEncodedText.Encode("label");
        public static readonly JsonEncodedText Unit = JsonEncodedText.Encode("unit");
        public static readonly JsonEncodedText Value = JsonEncodedText.Encode("value");
        public static readonly JsonEncodedText SupersedesId = JsonEncodedText.Encode("supersedes_id");
        public static readonly JsonEncodedText Estimate = JsonEncodedText.Encode("estimate");
        public static readonly JsonEncodedText Method = JsonEncodedText.Encode("method");
        public static readonly JsonEncodedText Inputs = JsonEncodedText.Encode("inputs");
        public static readonly JsonEncodedText Name = JsonEncodedText.Encode("name");
        public static readonly JsonEncodedText Explanation = JsonEncodedText.Encode("explanation");
        public static readonly JsonEncodedText Verdict = JsonEncodedText.Encode("verdict");
        public static readonly JsonEncodedText Flags = JsonEncodedText.Encode("flags");
        public static readonly JsonEncodedText Findings = JsonEncodedText.Encode("findings");
        public static readonly JsonEncodedText Rule = JsonEncodedText.Encode("rule");
        public static readonly JsonEncodedText Effect = JsonEncodedText.Encode("effect");
        public static readonly JsonEncodedText Message = JsonEncodedText.Encode("message");
        public static readonly JsonEncodedText Consumption = JsonEncodedText.Encode("consumption");
        public static readonly JsonEncodedText Days = JsonEncodedText.Encode("days");
        public static readonly JsonEncodedText AverageDailyUse = JsonEncodedText.Encode("average_daily_use");
        public static readonly JsonEncodedText RolledOver = JsonEncodedText.Encode("rolled_over");
        public static readonly JsonEncodedText Expected = JsonEncodedText.Encode("expected");
        public static readonly JsonEncodedText Low = JsonEncodedText.Encode("low");
        public static readonly JsonEncodedText High = JsonEncodedText.Encode("high");
    }
}
