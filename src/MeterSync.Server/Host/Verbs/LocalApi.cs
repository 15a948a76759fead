using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeterSync.Host.Verbs;

/// <summary>Speaks HTTP over a server's local socket, as its operator.</summary>
internal sealed class LocalApi(string socketFile) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketFile), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    })
    {
        BaseAddress = new Uri("http://localhost"),
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { { "User-Agent", "metersync-cli" } },
    };

    public Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, Patience, cancellationToken);

    public Task<JsonNode> PostAsync(string path, JsonObject body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"), Patience, cancellationToken);

    /// <summary>However long the file takes.</summary>
    public Task<JsonNode> PostFileAsync(string path, MultipartFormDataContent form, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, form, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>The body of a download, for the caller to dispose.</summary>
    public async Task<HttpResponseMessage> DownloadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return answer;
            }

            using (answer)
            {
                throw Refusal(await answer.Content.ReadAsStringAsync(cancellationToken), answer);
            }
        }
        catch (HttpRequestException exception)
        {
            throw Lost(exception);
        }
    }

    /// <summary>The connection broke: the server stopped or was killed.</summary>
    public static VerbException Lost(Exception exception) =>
        new(ExitCode.Unavailable, VerbProblem.Unavailable, $"The server went away: {exception.GetBaseException().Message.TrimEnd('.')}. Look whether it runs, and at its log.");

    public void Dispose() => http.Dispose();

    /// <summary>The answer's data.</summary>
    /// <exception cref="VerbException">The server refused.</exception>
    private async Task<JsonNode> SendAsync(HttpMethod method, string path, HttpContent? content, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        try
        {
            using var answer = await http.SendAsync(request, limit.Token);
            var text = await answer.Content.ReadAsStringAsync(limit.Token);
            return answer.IsSuccessStatusCode && Parse(text)?["data"] is { } data ? data.DeepClone() : throw Refusal(text, answer);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new VerbException(ExitCode.Unavailable, VerbProblem.Unavailable, $"The server did not answer within {patience.TotalSeconds:0} s.");
        }
        catch (HttpRequestException exception)
        {
            throw Lost(exception);
        }
    }

    private static VerbException Refusal(string text, HttpResponseMessage answer)
    {
        var error = Parse(text)?["error"];
        var unavailable = (int)answer.StatusCode is 429 or >= 502;
        return new VerbException(
            unavailable ? ExitCode.Unavailable : ExitCode.Refused,
            (string?)error?["code"] ?? VerbProblem.Unexpected,
            (string?)error?["message"] ?? $"The server answered {(int)answer.StatusCode}.",
            error?["details"]?.DeepClone() as JsonObject);
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            // Not ours: something else answers on the socket, and the caller tells its status.
            return null;
        }
    }
}
