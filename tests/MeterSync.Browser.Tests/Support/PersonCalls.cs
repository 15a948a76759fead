using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace MeterSync.Browser.Tests.Support;

/// <summary>The API in the name of one person. Signs in anew when the access token has run out.</summary>
public sealed class PersonCalls : IAsyncDisposable
{
    private const int PageSize = 100;
    private const int Unauthorized = 401;
    private static readonly TimeSpan s_jobDoneWithin = TimeSpan.FromMinutes(3);
    private readonly IAPIRequestContext _requests;
    private readonly string _username;
    private readonly string _password;
    private string? _token;

    private PersonCalls(IAPIRequestContext requests, string username, string password) =>
        (_requests, _username, _password) = (requests, username, password);

    /// <param name="playwright">Sends the requests.</param>
    /// <param name="server">Scheme, host and port.</param>
    /// <exception cref="InvalidOperationException">The sign-in is refused.</exception>
    public static async Task<PersonCalls> SignInAsync(IPlaywright playwright, Uri server, string username, string password)
    {
        ArgumentNullException.ThrowIfNull(playwright);
        ArgumentNullException.ThrowIfNull(server);
        var calls = new PersonCalls(
            await playwright.APIRequest.NewContextAsync(new() { BaseURL = server.OriginalString, Timeout = 120_000 }), username, password);
        await calls.SignInAsync();
        return calls;
    }

    public Task<JsonElement> GetAsync(string path) => AskAsync("GET", path, null);

    /// <summary>Sends JSON.</summary>
    /// <returns>The answer's <c>data</c>.</returns>
    /// <exception cref="InvalidOperationException">Any answer but success; the message has what it said.</exception>
    public Task<JsonElement> SendAsync(string method, string path, object? body = null) =>
        AskAsync(method, path, () => new()
        {
            DataString = body is null ? null : JsonSerializer.Serialize(body),
            Headers = [new("Content-Type", "application/json")],
        });

    /// <summary>All items of a list, page by page.</summary>
    /// <param name="path">With its filters, without page and limit.</param>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(string path)
    {
        var items = new List<JsonElement>();
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        for (var page = 1; ; page++)
        {
            var data = await GetAsync(string.Create(CultureInfo.InvariantCulture, $"{path}{separator}limit={PageSize}&page={page}"));
            items.AddRange(data.GetProperty("items").EnumerateArray());
            if (!data.GetProperty("has_next").GetBoolean())
            {
                return items;
            }
        }
    }

    /// <summary>Brings a table in and waits for its job.</summary>
    /// <param name="path">Such as <c>/api/v1/meters/import</c>.</param>
    /// <exception cref="InvalidOperationException">A row was refused, or nothing was applied.</exception>
    public async Task ImportAsync(string path, string table)
    {
        var begun = await AskAsync("POST", path, () =>
        {
            var form = _requests.CreateFormData();
            form.Set("decimal_sign", "point");
            form.Set("file", new FilePayload { Name = "table.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(table) });
            return new() { Multipart = form };
        });
        var job = await WaitForJobAsync($"{path}/{begun.GetProperty("id").GetString()}");
        var result = job.GetProperty("result");
        if (!result.GetProperty("applied").GetBoolean() || result.GetProperty("refused").GetInt32() > 0)
        {
            throw new InvalidOperationException($"{path} did not take every row: {job}");
        }
    }

    /// <summary>Sends a file in the part named file of a form.</summary>
    /// <returns>The data of the answer.</returns>
    public Task<JsonElement> UploadAsync(string path, string name, string type, byte[] bytes) => AskAsync("POST", path, () =>
    {
        var form = _requests.CreateFormData();
        form.Set("file", new FilePayload { Name = name, MimeType = type, Buffer = bytes });
        return new() { Multipart = form };
    });

    /// <returns>The job once it is completed.</returns>
    /// <exception cref="InvalidOperationException">It failed, or took longer than three minutes.</exception>
    public async Task<JsonElement> WaitForJobAsync(string path)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < s_jobDoneWithin)
        {
            var job = await GetAsync(path);
            switch (job.GetProperty("status").GetString())
            {
                case "completed":
                    return job;
                case "failed":
                    throw new InvalidOperationException($"{path} failed: {job}");
                default:
                    await Task.Delay(TimeSpan.FromMilliseconds(100));
                    break;
            }
        }

        throw new InvalidOperationException($"{path} was not done within {s_jobDoneWithin}.");
    }

    /// <summary>A file, as it is.</summary>
    public async Task<byte[]> DownloadAsync(string path) => await (await AnsweredAsync("GET", path, null)).BodyAsync();

    public async ValueTask DisposeAsync() => await _requests.DisposeAsync();

    private async Task SignInAsync()
    {
        _token = null;
        var tokens = await SendAsync("POST", "/api/v1/auth/login", new { username = _username, password = _password });
        _token = tokens.GetProperty("access_token").GetString();
    }

    private async Task<JsonElement> AskAsync(string method, string path, Func<APIRequestContextOptions>? options)
    {
        var answer = await AnsweredAsync(method, path, options);
        var text = await answer.TextAsync();
        if (text.Length == 0)
        {
            return default;
        }

        using var document = JsonDocument.Parse(text);
        return document.RootElement.GetProperty("data").Clone();
    }

    private async Task<IAPIResponse> AnsweredAsync(string method, string path, Func<APIRequestContextOptions>? options)
    {
        var answer = await FetchAsync(method, path, options);
        if (answer.Status == Unauthorized && _token is not null)
        {
            await SignInAsync();
            answer = await FetchAsync(method, path, options);
        }

        return answer.Ok
            ? answer
            : throw new InvalidOperationException($"{method} {path} was answered {answer.Status}: {await answer.TextAsync()}");
    }

    private Task<IAPIResponse> FetchAsync(string method, string path, Func<APIRequestContextOptions>? options)
    {
        var filled = options?.Invoke() ?? new APIRequestContextOptions();
        filled.Method = method;
        filled.Headers = [.. filled.Headers ?? [], .. _token is null ? [] : (KeyValuePair<string, string>[])[new("Authorization", $"Bearer {_token}")]];
        return _requests.FetchAsync(path, filled);
    }
}
