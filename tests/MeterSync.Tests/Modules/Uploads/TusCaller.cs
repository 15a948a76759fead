using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Tests.Contract;
using MeterSync.Tests.Support;

namespace MeterSync.Tests.Modules.Uploads;

/// <summary>Speaks tus by hand, also wrongly.</summary>
internal sealed class TusCaller(HttpClient http, string token)
{
    public const string Bytes = "application/offset+octet-stream";

    public HttpClient Http => http;

    public string Token => token;

    public static async Task<TusCaller> SignInAsync(ServerFixture server, string username) =>
        await SignInAsync(Listening.ClientOf(server), username, "admin123");

    public static async Task<TusCaller> SignInAsync(HttpClient http, string username, string password)
    {
        var client = await ApiClient.SignInAsync(http, username, password);
        return new TusCaller(http, client.Http.DefaultRequestHeaders.Authorization!.Parameter!);
    }

    public static string Metadata(params (string Key, string Value)[] pairs) =>
        string.Join(',', pairs.Append(("purpose", TakenFiles.Word)).Select(pair => $"{pair.Item1} {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair.Item2))}"));

    public static byte[] RandomBytes(int count) => RandomNumberGenerator.GetBytes(count);

    public async Task<TusAnswer> SendAsync(string method, string path, byte[]? body = null, string? type = null, string? version = "1.0.0", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (version is not null)
        {
            request.Headers.Add("Tus-Resumable", version);
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            if (type is not null)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            }
        }

        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var answer = await http.SendAsync(request);
        return await TusAnswer.ReadAsync(answer);
    }

    /// <summary>An upload that stands at 0.</summary>
    public async Task<string> BeginAsync(long length, string? metadata = null)
    {
        var begun = await SendAsync("POST", "/uploads", headers: [("Upload-Length", length.ToString(CultureInfo.InvariantCulture)), ("Upload-Metadata", metadata ?? Metadata())]);
        Assert.True(begun.Status == HttpStatusCode.Created, begun.Text);
        return begun.Header("Location")!;
    }

    public Task<TusAnswer> HeadAsync(string url) => SendAsync("HEAD", url);

    public async Task<long> OffsetAsync(string url)
    {
        var head = await HeadAsync(url);
        Assert.True(head.Status == HttpStatusCode.OK, $"{head.Status}");
        return long.Parse(head.Header("Upload-Offset")!, CultureInfo.InvariantCulture);
    }

    public Task<TusAnswer> PatchAsync(string url, long offset, byte[] bytes, string? checksum = null) =>
        SendAsync("PATCH", url, bytes, Bytes, headers: [("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture)), .. checksum is null ? [] : new[] { ("Upload-Checksum", checksum) }]);

    /// <summary>Declares more bytes than it sends, and leaves the connection to the caller.</summary>
    public async Task<TcpClient> PatchHalfAsync(Uri server, string url, long offset, long declared, ReadOnlyMemory<byte> sent, string? checksum = null)
    {
        var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port);
        var head = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"PATCH {url} HTTP/1.1\r\nHost: {server.Authority}\r\nAuthorization: Bearer {token}\r\nTus-Resumable: 1.0.0\r\nContent-Type: {Bytes}\r\n")
            .Append(CultureInfo.InvariantCulture, $"Upload-Offset: {offset}\r\nContent-Length: {declared}\r\n").Append(checksum is null ? "" : $"Upload-Checksum: {checksum}\r\n").Append("\r\n");
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head.ToString()));
        await client.GetStream().WriteAsync(sent);
        await client.GetStream().FlushAsync();
        return client;
    }

    public static UploadId IdOf(string url) => new(Guid.Parse(url.Split('/')[^1]));
}

/// <summary>What the server said.</summary>
internal sealed record TusAnswer(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, string Text)
{
    public string? Code => Text.Length == 0 ? null : (string?)JsonNode.Parse(Text)?["error"]?["code"];

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public static async Task<TusAnswer> ReadAsync(HttpResponseMessage answer) =>
        new(answer.StatusCode, answer.Headers.Concat(answer.Content.Headers).ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase), await answer.Content.ReadAsStringAsync());
}
