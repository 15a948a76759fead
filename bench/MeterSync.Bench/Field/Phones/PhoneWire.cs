using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace MeterSync.Bench.Field.Phones;

/// <summary>No answer came: the server may or may not have done what was asked.</summary>
/// <param name="kind">What is counted.</param>
internal sealed class NoAnswerException(string kind, Exception? inner) : Exception(kind, inner)
{
    public string Kind => Message;
}

/// <param name="Body">Undefined where it has none.</param>
internal sealed record WireAnswer(HttpStatusCode Status, JsonElement Body, HttpResponseHeaders Headers)
{
    public bool IsFine => (int)Status is >= 200 and < 300;

    public JsonElement Data => Body.GetProperty("data");

    /// <summary>Of a refusal; the status where it has no code.</summary>
    public string Code => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("error", out var error) && error.TryGetProperty("code", out var code) ? code.GetString()! : ((int)Status).ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A phone's calls. Signs in when it must; every other trouble is the caller's.</summary>
internal sealed class PhoneWire : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly HttpClient _client;
    private readonly string _userName;
    private readonly string _password;
    private string? _token;

    private readonly int _serverPort;

    /// <param name="proxy">Where calls go.</param>
    /// <param name="serverPort">Of the server behind it, as it names itself in addresses.</param>
    public PhoneWire(Uri proxy, int serverPort, string userName, string password)
    {
        var handler = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None, PooledConnectionLifetime = TimeSpan.FromMinutes(2), AllowAutoRedirect = false };
        _client = new HttpClient(handler) { BaseAddress = proxy, Timeout = s_patience };
        (_serverPort, _userName, _password) = (serverPort, userName, password);
    }

    /// <summary>The app forgets what it did not keep.</summary>
    public void Forget() => _token = null;

    public Task<WireAnswer> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    public Task<WireAnswer> PostAsync(string path, HttpContent content, CancellationToken cancellationToken) => SendAsync(() => new HttpRequestMessage(HttpMethod.Post, path) { Content = content }, cancellationToken);

    public Task<WireAnswer> PostAsync(string path, object body, CancellationToken cancellationToken) => PostAsync(path, JsonContent(body), cancellationToken);

    /// <param name="make">Called again where the request has to be sent again after signing in.</param>
    public async Task<WireAnswer> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        if (_token is null)
            await SignInAsync(cancellationToken);
        var answer = await ExchangeAsync(make(), cancellationToken);
        if (answer.Status != HttpStatusCode.Unauthorized)
            return answer;
        await SignInAsync(cancellationToken);
        return await ExchangeAsync(make(), cancellationToken);
    }

    /// <summary>The server's own addresses lead through the proxy; those of a storage elsewhere are taken as they are, and get no token.</summary>
    public Uri UrlOf(string address)
    {
        if (address.StartsWith('/'))
            return new Uri(address, UriKind.Relative);
        var url = new Uri(address);
        return url.Port == _serverPort || url.Port == _client.BaseAddress!.Port ? new Uri(url.PathAndQuery, UriKind.Relative) : url;
    }

    public async Task<HttpStatusCode> PutAsync(Uri address, byte[] bytes, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new ByteArrayContent(bytes) };
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content.Headers.TryAddWithoutValidation(name, value);
        }
        return (await ExchangeAsync(request, cancellationToken)).Status;
    }

    public async Task<byte[]?> DownloadAsync(string path, CancellationToken cancellationToken)
    {
        if (_token is null)
            await SignInAsync(cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        using var response = await _client.SendAsync(request, cancellationToken);
        if (response is { StatusCode: HttpStatusCode.Redirect or HttpStatusCode.TemporaryRedirect or HttpStatusCode.SeeOther, Headers.Location: { } elsewhere })
            return await _client.GetByteArrayAsync(new Uri(_client.BaseAddress!, elsewhere), cancellationToken);
        return response.IsSuccessStatusCode ? await response.Content.ReadAsByteArrayAsync(cancellationToken) : null;
    }

    public void Dispose() => _client.Dispose();

    public static ByteArrayContent JsonContent(object body)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private async Task SignInAsync(CancellationToken cancellationToken)
    {
        _token = null;
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/login") { Content = JsonContent(new { username = _userName, password = _password }) };
        var answer = await ExchangeAsync(request, cancellationToken);
        if (!answer.IsFine)
            throw new NoAnswerException($"sign-ins refused: {answer.Code}", null);
        _token = answer.Data.GetProperty("access_token").GetString();
    }

    private async Task<WireAnswer> ExchangeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using (request)
            {
                if (_token is not null && request.RequestUri is { IsAbsoluteUri: false })
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
                using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
                var isJson = request.Method != HttpMethod.Head && response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true && response.Content.Headers.ContentLength != 0;
                var body = isJson ? await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken) : default;
                return new(response.StatusCode, body, response.Headers);
            }
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or JsonException)
        {
            throw new NoAnswerException("calls whose connection broke", broken);
        }
        catch (OperationCanceledException slow) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NoAnswerException("calls that took too long", slow);
        }
    }
}
