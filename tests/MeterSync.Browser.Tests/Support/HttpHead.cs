using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace MeterSync.Browser.Tests.Support;

/// <summary>The head of an HTTP/1.1 request, and the bytes of its body that came in the same packets.</summary>
internal sealed record HttpHead(WireRequest Request, byte[] Forwarded, byte[] BodySoFar)
{
    private const int MostBytes = 64 * 1024;

    /// <returns>Null where the connection was closed before a whole head came.</returns>
    /// <exception cref="InvalidDataException">It is no request this proxy passes on: too large, or a body of unknown length.</exception>
    public static async Task<HttpHead?> ReadAsync(NetworkStream phone, CancellationToken cancellationToken)
    {
        var buffer = new byte[MostBytes];
        var filled = 0;
        while (true)
        {
            var count = await phone.ReadAsync(buffer.AsMemory(filled), cancellationToken);
            if (count == 0)
            {
                return null;
            }

            filled += count;
            var end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                return Parse(Encoding.Latin1.GetString(buffer, 0, end), buffer[(end + 4)..filled]);
            }

            if (filled == MostBytes)
            {
                throw new InvalidDataException("The head of a request is larger than 64 KiB.");
            }
        }
    }

    private static HttpHead Parse(string head, byte[] bodySoFar)
    {
        var lines = head.Split("\r\n");
        var start = lines[0].Split(' ');
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        if (headers.ContainsKey("Transfer-Encoding"))
        {
            throw new InvalidDataException($"{lines[0]} has a body of unknown length.");
        }

        var query = start[1].Split('?', 2);
        var length = headers.TryGetValue("Content-Length", out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
        var kept = lines.Where(line => !line.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase));
        return new(
            new WireRequest(start[0], query[0], query.Length > 1 ? query[1] : "", headers, length),
            Encoding.Latin1.GetBytes($"{string.Join("\r\n", kept)}\r\nConnection: close\r\n\r\n"),
            bodySoFar);
    }
}
