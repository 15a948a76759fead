using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace MeterSync.Tests.Support;

/// <summary>Speaks JSON with the server as a caller would, and keeps nothing of the server's types.</summary>
public sealed class ApiClient(HttpClient http)
{
    public HttpClient Http => http;

    public static async Task<ApiClient> SignInAsync(HttpClient http, string username, string password)
    {
        using var answer = await http.PostAsJsonAsync("/api/v1/auth/login", new { username, password });
        var body = await ReadAsync(answer);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string?)body["access_token"] ?? throw new InvalidOperationException(body.ToJsonString()));
        return new ApiClient(http);
    }

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<ApiAnswer> PostAsync(string path, object? body = null, Action<HttpRequestHeaders>? headers = null) => SendAsync(HttpMethod.Post, path, body, headers);

    public Task<ApiAnswer> PutAsync(string path, object? body = null, Action<HttpRequestHeaders>? headers = null) => SendAsync(HttpMethod.Put, path, body, headers);

    public Task<ApiAnswer> PatchAsync(string path, object? body = null, Action<HttpRequestHeaders>? headers = null) => SendAsync(HttpMethod.Patch, path, body, headers);

    public Task<ApiAnswer> DeleteAsync(string path, Action<HttpRequestHeaders>? headers = null) => SendAsync(HttpMethod.Delete, path, null, headers);

    /// <param name="body">A JsonNode or anonymous object sent as JSON, a string sent as it is with content type JSON, an HttpContent sent as it is, or null.</param>
    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, object? body = null, Action<HttpRequestHeaders>? headers = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            string text => new StringContent(text, Encoding.UTF8, "application/json"),
            JsonNode node => new StringContent(node.ToJsonString(), Encoding.UTF8, "application/json"),
            _ => JsonContent.Create(body),
        };
        headers?.Invoke(request.Headers);
        using var answer = await http.SendAsync(request);
        return new ApiAnswer(answer.StatusCode, await ReadAsync(answer), answer.Headers.ETag?.ToString(), answer.Headers.RetryAfter?.Delta);
    }

    /// <summary>Posts a file as a form and waits for the job it starts. Returns the finished job.</summary>
    public async Task<JsonNode> RunFileJobAsync(string path, string fileName, byte[] file, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(file), "file", fileName } };
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        var accepted = await PostAsync(path, form);
        Xunit.Assert.True(accepted.Status == HttpStatusCode.Accepted, accepted.Body.ToJsonString());
        return await WaitForJobAsync($"{path}/{(string?)accepted.Data["id"]}");
    }

    /// <summary>Asks until the job is over.</summary>
    public async Task<JsonNode> WaitForJobAsync(string path)
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            var job = (await GetAsync(path)).Data;
            if ((string?)job["status"] is "completed" or "failed" or "cancelled")
            {
                return job;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"The job at {path} is not over after 30 s.");
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return text.Length == 0 ? new JsonObject()
            : answer.Content.Headers.ContentType?.MediaType == "application/json" ? JsonNode.Parse(text)!
            : new JsonObject { ["text"] = text };
    }
}

/// <summary>What the server said.</summary>
public sealed record ApiAnswer(HttpStatusCode Status, JsonNode Body, string? ETag, TimeSpan? RetryAfter)
{
    public JsonNode Data => Body["data"] ?? throw new InvalidOperationException($"{(int)Status}: {Body.ToJsonString()}");

    public string? Code => (string?)Body["error"]?["code"];

    public string? Message => (string?)Body["error"]?["message"];
}
