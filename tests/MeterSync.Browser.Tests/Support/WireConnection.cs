using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace MeterSync.Browser.Tests.Support;

/// <summary>One connection from a phone, with the one request it carries.</summary>
internal sealed class WireConnection(FaultyNetwork network, Socket phone, Uri server) : IDisposable
{
    private const int PieceBytes = 64 * 1024;
    private static readonly TimeSpan s_readWithin = TimeSpan.FromMilliseconds(500);
    private readonly CancellationTokenSource _broken = new();
    private readonly Socket _upstream = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private int? _status;

    /// <summary>Both ends hear of a reset, wherever the request is.</summary>
    public void Break()
    {
        try
        {
            _broken.Cancel();
        }
        catch (ObjectDisposedException)
        {
            return; // it ended by itself meanwhile
        }
    }

    public async Task RunAsync()
    {
        phone.NoDelay = true;
        await using var phoneStream = new NetworkStream(phone, ownsSocket: false);
        if (await HttpHead.ReadAsync(phoneStream, _broken.Token) is not { } head)
        {
            return; // Chromium opens connections ahead and closes those it does not need
        }

        var fault = network.FaultFor(head.Request);
        try
        {
            await TreatAsync(head, fault, phoneStream);
        }
        catch (Exception ended) when (ended is IOException or SocketException or OperationCanceledException)
        {
            Reset();
        }
        finally
        {
            network.Remember(new(head.Request, _status, fault));
        }
    }

    public void Dispose()
    {
        _upstream.Dispose();
        phone.Dispose();
        _broken.Dispose();
    }

    private async Task TreatAsync(HttpHead head, NetworkFault? fault, NetworkStream phoneStream)
    {
        switch (fault)
        {
            case NetworkFault.Answer answer:
                await AnswerAsync(head, answer, phoneStream);
                break;
            case NetworkFault.CutRequest { AfterBodyBytes: 0 }:
                Reset();
                break;
            case NetworkFault.CutRequest cut:
                await using (var upstream = await ConnectAsync(head))
                {
                    await PassBodyAsync(head, phoneStream, upstream, Math.Min(cut.AfterBodyBytes, head.Request.BodyBytes));
                    // A reset takes back what the other end has not read yet.
                    await Task.Delay(s_readWithin, _broken.Token);
                }

                Reset();
                break;
            default:
                await ForwardAsync(head, fault, phoneStream);
                break;
        }
    }

    private async Task ForwardAsync(HttpHead head, NetworkFault? fault, NetworkStream phoneStream)
    {
        if (fault is NetworkFault.Delay delay)
        {
            await Task.Delay(delay.Time, _broken.Token);
        }

        await using var upstream = await ConnectAsync(head);
        // The server may answer before it has read the body.
        var passing = PassBodyAsync(head, phoneStream, upstream, head.Request.BodyBytes);
        var answering = PassAnswerAsync(upstream, phoneStream, fault);
        try
        {
            await answering;
            if (fault is NetworkFault.CutAnswer)
            {
                Reset();
            }
            else
            {
                phone.Shutdown(SocketShutdown.Send);
            }
        }
        finally
        {
            // Whatever became of the body: the answer decides. Both tasks use the sockets, so that neither outlives this.
            await passing.ContinueWith(ended => ended.Exception?.Handle(_ => true), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task<NetworkStream> ConnectAsync(HttpHead head)
    {
        await _upstream.ConnectAsync(server.Host, server.Port, _broken.Token);
        var upstream = new NetworkStream(_upstream, ownsSocket: false);
        await upstream.WriteAsync(head.Forwarded, _broken.Token);
        return upstream;
    }

    /// <summary>Passes so many bytes of the body on. What the server does not want any more is read to its end all the same: a connection closed with unread bytes is reset, and the answer with it.</summary>
    private async Task PassBodyAsync(HttpHead head, NetworkStream from, Stream to, long bytes)
    {
        var buffer = new byte[PieceBytes];
        ReadOnlyMemory<byte> piece = head.BodySoFar.AsMemory(0, (int)Math.Min(head.BodySoFar.Length, bytes));
        for (var left = bytes; ;)
        {
            try
            {
                await to.WriteAsync(piece, _broken.Token);
            }
            catch (IOException)
            {
                to = Stream.Null;
            }

            left -= piece.Length;
            if (left == 0)
            {
                return;
            }

            var count = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), _broken.Token);
            if (count == 0)
            {
                throw new IOException("The phone broke off.");
            }

            piece = buffer.AsMemory(0, count);
        }
    }

    /// <summary>Reads the answer to its end in any case, so that the server is done with its work.</summary>
    private async Task PassAnswerAsync(NetworkStream from, NetworkStream to, NetworkFault? fault)
    {
        var left = fault is NetworkFault.CutAnswer cut ? cut.AfterBytes : long.MaxValue;
        var buffer = new byte[PieceBytes];
        for (int count; (count = await from.ReadAsync(buffer, _broken.Token)) > 0;)
        {
            if (_status is null)
            {
                _status = int.Parse(Encoding.ASCII.GetString(buffer, 9, 3), CultureInfo.InvariantCulture);
                if (fault is NetworkFault.DelayAnswer late)
                {
                    await Task.Delay(late.Time, _broken.Token);
                }
            }

            var passed = (int)Math.Min(count, left);
            await to.WriteAsync(buffer.AsMemory(0, passed), _broken.Token);
            left -= passed;
        }
    }

    private async Task AnswerAsync(HttpHead head, NetworkFault.Answer answer, NetworkStream phoneStream)
    {
        await PassBodyAsync(head, phoneStream, Stream.Null, head.Request.BodyBytes);
        _status = answer.Status;
        var body = Encoding.UTF8.GetBytes(answer.Body);
        var retry = answer.RetryAfterSeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"Retry-After: {seconds}\r\n") : "";
        var text = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {answer.Status} As told\r\nContent-Type: {answer.ContentType}\r\nContent-Length: {body.Length}\r\nCache-Control: no-store\r\n{retry}Connection: close\r\n\r\n");
        await phoneStream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(text), .. body], _broken.Token);
        phone.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Without lingering a close is a reset, not an end in order.</summary>
    private void Reset()
    {
        phone.LingerState = new LingerOption(true, 0);
        phone.Close();
        if (_upstream.Connected)
        {
            _upstream.LingerState = new LingerOption(true, 0);
        }

        _upstream.Close();
    }
}
