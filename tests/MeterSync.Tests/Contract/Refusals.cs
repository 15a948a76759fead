using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MeterSync.Tests.Contract;

/// <summary>What every refusal must look like, and must not tell.</summary>
public static partial class Refusals
{
    /// <summary>Null where the answer is a proper refusal with one of the statuses; otherwise what is wrong with it.</summary>
    public static async Task<string?> FaultOfAsync(HttpResponseMessage answer, params HttpStatusCode[] wanted)
    {
        var text = await answer.Content.ReadAsStringAsync();
        var seen = $"{(int)answer.StatusCode} {(text.Length > 300 ? text[..300] : text)}";
        if (!wanted.Contains(answer.StatusCode))
        {
            return $"wanted {string.Join(" or ", wanted.Select(status => (int)status))}, got {seen}";
        }

        return EnvelopeFaultOf(answer, text) is { } fault ? $"{fault}: {seen}" : null;
    }

    /// <summary>Null where a batch was answered and its first item refused for itself; otherwise what is wrong with it.</summary>
    public static async Task<string?> FaultOfItemAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        var first = answer.StatusCode == HttpStatusCode.OK ? JsonNode.Parse(text)!["data"]!["results"]![0] : null;
        return (string?)first?["status"] == "rejected" && first["problem"]?["code"] is not null ? null : $"the item was not refused for itself: {(int)answer.StatusCode} {text}";
    }

    /// <summary>Whether an answer is one of ours at all: success or refusal in an envelope, and never a 5xx.</summary>
    public static async Task<string?> FaultOfAnyAsync(HttpResponseMessage answer)
    {
        if ((int)answer.StatusCode < 400)
        {
            return null;
        }

        return await FaultOfAsync(answer, [.. Enum.GetValues<HttpStatusCode>().Where(status => (int)status is >= 400 and < 500)]);
    }

    private static string? EnvelopeFaultOf(HttpResponseMessage answer, string text)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "application/json")
        {
            return "no JSON";
        }

        if (Leak().Match(text) is { Success: true } leak)
        {
            return $"tells of the inside ('{leak.Value}')";
        }

        JsonNode? body;
        try
        {
            body = JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return "broken JSON";
        }

        return body?["success"]?.GetValueKind() != JsonValueKind.False ? "success is not false"
            : (string?)body["error"]?["code"] is not { } code || !Code().IsMatch(code) ? "no code"
            : !ProblemCatalogue.Codes.Contains(code) ? $"the code {code} is not in docs/problems.md"
            : string.IsNullOrWhiteSpace((string?)body["error"]?["message"]) ? "no message"
            : (string?)body["trace_id"] is not { } trace || !Trace().IsMatch(trace) ? "no trace id"
            : null;
    }

    [GeneratedRegex(@"\bat [A-Z]\w+\.|\.cs:line|System\.|Microsoft\.|Npgsql|Sqlite|SQLite|Exception|\bselect \w+|insert into|update \w+ set|/tmp/|/home/|/root/|MeterSync\.", RegexOptions.CultureInvariant)]
    private static partial Regex Leak();

    [GeneratedRegex(@"^[a-z][a-z_]*(\.[a-z][a-z0-9_]*)+$")]
    private static partial Regex Code();

    [GeneratedRegex("^[0-9a-f]{32}$")]
    private static partial Regex Trace();
}
