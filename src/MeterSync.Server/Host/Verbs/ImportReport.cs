using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeterSync.Host.Verbs;

/// <summary>How an import ended, for the person who made the file.</summary>
internal sealed class ImportReport(JsonNode job)
{
    private JsonObject? Result => job["result"] as JsonObject;

    private bool Completed => (string?)job["status"] == "completed";

    private JsonArray Problems => Result?["problems"] as JsonArray ?? [];

    public int Tell(VerbOutput output, int problemsShown)
    {
        var message = (string?)job["message"] ?? (string?)job["status"] ?? "";
        if (!Completed)
        {
            var code = (string?)Result?["error"]?["code"] ?? VerbProblem.JobFailed;
            TellProblems(output, problemsShown);
            output.Fail(new VerbException(ExitCode.Refused, code, message, Result?["error"]?["details"] as JsonObject), job);
            return ExitCode.Refused;
        }

        TellProblems(output, problemsShown);
        output.Result(job.DeepClone(), [message, .. Counts()]);
        return Problems.Count == 0 ? ExitCode.Done : ExitCode.Refused;
    }

    /// <summary>Every number of the result, by its name.</summary>
    private IEnumerable<string> Counts() =>
        (Result ?? []).Where(pair => pair.Value?.GetValueKind() == JsonValueKind.Number).Select(pair => $"{pair.Key.Replace('_', ' ')}: {pair.Value!.GetValue<JsonElement>()}");

    private void TellProblems(VerbOutput output, int shown)
    {
        if (output.Json || Problems.Count == 0)
        {
            return;
        }

        var rows = Problems.Take(shown).Select(problem => (string[])[Row(problem), (string?)problem?["column"] ?? "", (string?)problem?["message"] ?? ""]).ToList();
        output.Table(["row", "column", "problem"], rows, Problems);
        if (Problems.Count > shown)
        {
            output.Say($"... and {Problems.Count - shown} more; --json shows all that were kept.");
        }
    }

    private static string Row(JsonNode? problem) => problem?["row"] is { } row && row.GetValueKind() == JsonValueKind.Number ? row.GetValue<JsonElement>().GetRawText().ToString(CultureInfo.InvariantCulture) : "";
}
