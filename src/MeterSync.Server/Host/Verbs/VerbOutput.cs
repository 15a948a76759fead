using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeterSync.Host.Verbs;

/// <summary>Results go to stdout, everything said on the way to stderr. With --json stdout has one object: the API's envelope.</summary>
internal sealed class VerbOutput(bool json, TextWriter output, TextWriter error)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool Json => json;

    /// <summary>Whether a person watches: a terminal gets bars and tables, anything else plain lines.</summary>
    public bool Watched { get; } = !json && !Console.IsOutputRedirected && !Console.IsErrorRedirected;

    public static VerbOutput For(ParseResult parsed) => new(parsed.GetValue(CommonOptions.Json), Console.Out, Console.Error);

    /// <summary>Something said on the way.</summary>
    public void Say(string line) => error.WriteLine(line);

    /// <summary>A line of the result.</summary>
    public void Line(string line) => output.WriteLine(line);

    /// <summary>What the verb was asked for: the data as JSON, or the lines.</summary>
    public void Result(JsonNode data, params IEnumerable<string> lines)
    {
        if (json)
        {
            output.WriteLine(new JsonObject { ["success"] = true, ["data"] = data, ["message"] = null }.ToJsonString(Plain));
            return;
        }

        foreach (var line in lines)
        {
            output.WriteLine(line);
        }
    }

    /// <summary>Rows as a table where a person watches, else as lines with tabs between the cells.</summary>
    public void Table(IReadOnlyList<string> columns, IReadOnlyList<string[]> rows)
    {
        if (Watched)
        {
            VerbTable.Write(columns, rows);
            return;
        }

        Line(string.Join('\t', columns));
        foreach (var row in rows)
        {
            Line(string.Join('\t', row.Select(OneLine)));
        }
    }

    /// <param name="failure">What to tell.</param>
    /// <param name="data">What is known beside it, such as the job that failed.</param>
    public void Fail(VerbException failure, JsonNode? data = null)
    {
        if (!json)
        {
            error.WriteLine(OneLine(failure.Message));
            return;
        }

        var body = new JsonObject { ["code"] = failure.Code, ["message"] = failure.Message };
        if (failure.Details is { } details)
        {
            body["details"] = details.DeepClone();
        }

        var envelope = new JsonObject { ["success"] = false, ["error"] = body };
        if (data is not null)
        {
            envelope["data"] = data.DeepClone();
        }

        output.WriteLine(envelope.ToJsonString(Plain));
    }

    private static string OneLine(string message) => string.Join(' ', message.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
