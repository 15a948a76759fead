using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeterSync.Host.Verbs;

/// <summary>How an import ended, for the person who made the file.</summary>
internal sealed class ImportReport(JsonNode job)
{
    private const int ProblemsShown = 20;

    private JsonObject? Result => job["result"] as JsonObject;

    private string Message => (string?)job["message"] ?? (string?)job["status"] ?? "";

    private JsonArray Problems => Result?["problems"] as JsonArray ?? [];

    private int ProblemCount => (int?)Result?["problems_total"] ?? Problems.Count;

    /// <returns>The exit code: rows with problems are told even where others were imported.</returns>
    public int Tell(VerbOutput output)
    {
        if ((string?)job["status"] != "completed")
        {
            output.Fail(new VerbException(ExitCode.Refused, (string?)Result?["error"]?["code"] ?? VerbProblem.JobFailed, Message, Result?["error"]?["details"] as JsonObject), job);
            return ExitCode.Refused;
        }

        if (output.Json)
        {
            output.Result(job.DeepClone());
        }
        else
        {
            TellNotes(output);
            TellProblems(output);
            output.Line(Message);
        }

        return ProblemCount == 0 ? ExitCode.Done : ExitCode.Refused;
    }

    private void TellNotes(VerbOutput output)
    {
        foreach (var note in Result?["assumptions"] as JsonArray ?? [])
        {
            output.Line((string?)note?["message"] ?? "");
        }

        if (Result?["ignored_columns"] is JsonArray { Count: > 0 } ignored)
        {
            output.Line($"Columns nobody knows: {string.Join(", ", ignored.Select(name => (string?)name))}.");
        }
    }

    private void TellProblems(VerbOutput output)
    {
        if (Problems.Count == 0)
        {
            return;
        }

        output.Table(["row", "column", "problem"], [.. Problems.Take(ProblemsShown).Select(problem => (string[])[Row(problem), (string?)problem?["column"] ?? "", (string?)problem?["message"] ?? ""])]);
        if (ProblemCount > ProblemsShown)
        {
            output.Line($"... and {ProblemCount - ProblemsShown} more; --json tells the first {Problems.Count}.");
        }
    }

    /// <summary>A problem of the whole file has row 0.</summary>
    private static string Row(JsonNode? problem) => problem?["row"]?.GetValue<JsonElement>().GetInt32() is { } row and > 0 ? row.ToString(CultureInfo.InvariantCulture) : "";
}
