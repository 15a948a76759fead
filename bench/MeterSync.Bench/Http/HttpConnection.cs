using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace MeterSync.Bench.Http;

/// <summary>One keep-alive HTTP/1.1 connection on a blocking socket: one write and, mostly, one read a request, so that the driver leaves the
/// cores to the server. Understands Content-Length and chunked answers.</summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[64 * 1024];
    private int _filled;

    public HttpConnection(Uri server) => _socket.Connect(server.Host, server.Port);

    /// <summary>Sends one request and waits for its whole answer. The body stays valid until the next call.</summary>
    /// <returns>HTTP status; the body is <paramref name="body"/>.</returns>
    public int Exchange(ReadOnlySpan<byte> request, out ReadOnlySpan<byte> body)
    {
        while (!request.IsEmpty)
            request = request[_socket.Send(request)..];
        _filled = 0;
        int headEnd;
        while ((headEnd = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8)) < 0)
            Fill();
        var head = Encoding.Latin1.GetString(_buffer, 0, headEnd);
        var status = int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
        var bodyStart = headEnd + 4;
        var length = Header(head, "Content-Length") is { } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : Header(head, "Transfer-Encoding") is not null ? ReadChunks(bodyStart) : 0;
        while (_filled < bodyStart + length)
            Fill();
        body = _buffer.AsSpan(bodyStart, length);
        return status;
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Joins the chunks in place behind <paramref name="bodyStart"/> and gives the length of the whole.</summary>
    private int ReadChunks(int bodyStart)
    {
        var read = bodyStart;
        var written = bodyStart;
        while (true)
        {
            int lineEnd;
            while ((lineEnd = _buffer.AsSpan(read, _filled - read).IndexOf("\r\n"u8)) < 0)
                Fill();
            var size = int.Parse(Encoding.Latin1.GetString(_buffer, read, lineEnd).Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            read += lineEnd + 2;
            while (_filled < read + size + 2)
                Fill();
            if (size == 0)
                return written - bodyStart;
            Buffer.BlockCopy(_buffer, read, _buffer, written, size);
            written += size;
            read += size + 2;
        }
    }

    private void Fill()
    {
        if (_filled == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var count = _socket.Receive(_buffer, _filled, _buffer.Length - _filled, SocketFlags.None);
        if (count == 0)
            throw new BenchFailedException("The server closed a connection in the middle of an answer.");
        _filled += count;
    }

    private static string? Header(string head, string name)
    {
        var at = head.IndexOf("\r\n" + name + ":", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return null;
        var start = at + name.Length + 3;
        var end = head.IndexOf("\r\n", start, StringComparison.Ordinal);
        return head[start..(end < 0 ? head.Length : end)].Trim();
    }
}
