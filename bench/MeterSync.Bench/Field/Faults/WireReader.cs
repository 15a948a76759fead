using System.Globalization;
using System.Text;

namespace MeterSync.Bench.Field.Faults;

/// <summary>Takes HTTP/1.1 messages off a connection as bytes, so that they can be passed on, cut and doubled without being written anew.</summary>
internal sealed class WireReader(Stream stream)
{
    private const int MostHeadBytes = 64 * 1024;
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>Null where the other side closed instead of sending another message.</summary>
    public async Task<WireHead?> HeadAsync(CancellationToken cancellationToken)
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (_end - _start > MostHeadBytes)
                throw new IOException("The head of a message does not end.");
            if (!await FillAsync(cancellationToken))
                return null;
        }
        return new WireHead(Take(length + 4));
    }

    /// <summary>Some bytes of the body, at least one.</summary>
    public async Task<byte[]> SomeAsync(long most, CancellationToken cancellationToken)
    {
        if (_start == _end && !await FillAsync(cancellationToken))
            throw new IOException("The connection ended in the middle of a body.");
        return Take((int)Math.Min(most, _end - _start));
    }

    public async Task<byte[]> ExactlyAsync(long length, CancellationToken cancellationToken)
    {
        var body = new byte[length];
        for (var at = 0; at < length;)
        {
            var some = await SomeAsync(length - at, cancellationToken);
            some.CopyTo(body, at);
            at += some.Length;
        }
        return body;
    }

    /// <summary>The rest of an answer, as it stands on the wire.</summary>
    /// <param name="head">Of the answer.</param>
    /// <param name="method">Of its request.</param>
    public async Task<byte[]> AnswerBodyAsync(WireHead head, string method, CancellationToken cancellationToken) => head switch
    {
        _ when method == "HEAD" || head.Status is 204 or 304 => [],
        { ContentLength: { } length } => await ExactlyAsync(length, cancellationToken),
        { IsChunked: true } => await ChunksAsync(cancellationToken),
        _ => await ToEndAsync(cancellationToken),
    };

    private async Task<byte[]> ChunksAsync(CancellationToken cancellationToken)
    {
        using var whole = new MemoryStream();
        while (true)
        {
            var line = await LineAsync(cancellationToken);
            await whole.WriteAsync(line, cancellationToken);
            var size = int.Parse(Encoding.Latin1.GetString(line).Split(';')[0].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            await whole.WriteAsync(await ExactlyAsync(size + 2, cancellationToken), cancellationToken);
            if (size == 0)
                return whole.ToArray();
        }
    }

    private async Task<byte[]> ToEndAsync(CancellationToken cancellationToken)
    {
        while (await FillAsync(cancellationToken))
        {
        }
        return Take(_end - _start);
    }

    private async Task<byte[]> LineAsync(CancellationToken cancellationToken)
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0)
        {
            if (!await FillAsync(cancellationToken))
                throw new IOException("The connection ended in the middle of a body.");
        }
        return Take(length + 2);
    }

    private byte[] Take(int length)
    {
        var bytes = _buffer.AsSpan(_start, length).ToArray();
        _start += length;
        return bytes;
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += count;
        return count > 0;
    }
}
