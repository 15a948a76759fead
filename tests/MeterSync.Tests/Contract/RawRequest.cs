using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace MeterSync.Tests.Contract;

/// <summary>Speaks HTTP by hand: a client library would not send what is wrong here, nor read an answer that comes before the body is sent.</summary>
internal static class RawRequest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Returns the answer as received, up to 8 KiB.</summary>
    /// <param name="declaredBytes">Content-Length, or null to send chunks.</param>
    /// <param name="sentBytes">Bytes of body to send; fewer when the answer comes first.</param>
    public static async Task<string> SendAsync(Uri server, Operation operation, string? token, string contentType, long? declaredBytes, long sentBytes)
    {
        using var client = new TcpClient();
        using var limit = new CancellationTokenSource(Patience);
        await client.ConnectAsync(server.Host, server.Port, limit.Token);
        await using var stream = client.GetStream();
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{operation.Method} {operation.UnknownPath} HTTP/1.1\r\nHost: {server.Authority}\r\nContent-Type: {contentType}\r\n");
        head.Append(token is null ? "" : $"Authorization: Bearer {token}\r\n");
        head.Append(declaredBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"Content-Length: {bytes}\r\n\r\n") : "Transfer-Encoding: chunked\r\n\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.ToString()), limit.Token);
        var reading = ReadAsync(stream, limit.Token);
        try
        {
            await SendChunksAsync(stream, contentType, sentBytes, reading, limit.Token);
        }
        catch (IOException) when (reading.IsCompletedSuccessfully || !reading.IsCompleted)
        {
            // The server has answered and closed while we were still sending: its answer is what counts.
            return await reading;
        }

        return await reading;
    }

    private static async Task SendChunksAsync(NetworkStream stream, string contentType, long sentBytes, Task reading, CancellationToken cancellationToken)
    {
        var open = contentType.StartsWith("multipart", StringComparison.Ordinal)
            ? "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n"
            : "{\"unknown_member\":\"";
        var chunk = Encoding.ASCII.GetBytes($"10000\r\n{new string('x', 0x10000)}\r\n");
        if (sentBytes > 0)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{open.Length:x}\r\n{open}\r\n"), cancellationToken);
        }

        for (long sent = 0; sent < sentBytes && !reading.IsCompleted; sent += 0x10000)
        {
            await stream.WriteAsync(chunk, cancellationToken);
        }
    }

    private static async Task<string> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[8192];
        var read = await stream.ReadAsync(buffer, cancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, read);
    }
}
