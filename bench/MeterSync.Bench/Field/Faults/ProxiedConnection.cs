using System.Net;
using System.Net.Sockets;

namespace MeterSync.Bench.Field.Faults;

/// <summary>One connection of a phone through the proxy: request after request, each with its own faults.</summary>
internal sealed class ProxiedConnection : IDisposable
{
    private readonly long _number;
    private readonly Socket _client;
    private readonly IPEndPoint _server;
    private readonly FaultProxy _proxy;
    private Socket? _upstream;
    private NetworkStream? _up;
    private WireReader? _answers;

    public ProxiedConnection(long number, Socket client, IPEndPoint server, FaultProxy proxy)
    {
        (_number, _client, _server, _proxy) = (number, client, server, proxy);
        // A deep buffer would take a photo whole before the cut is noticed, and count it as sent.
        client.ReceiveBufferSize = 16 * 1024;
        client.NoDelay = true;
    }

    public void Dispose()
    {
        _up?.Dispose();
        _upstream?.Dispose();
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var down = new NetworkStream(_client);
            var requests = new WireReader(down);
            for (var exchange = 0; await requests.HeadAsync(cancellationToken) is { } request; exchange++)
            {
                _proxy.Counts.Request();
                if (!await PassAsync(request, requests, down, _proxy.Plan.For(_number, exchange, request), cancellationToken))
                    return;
            }
        }
        catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException)
        {
            Break(isReset: true); // one side went away: so does the other
        }
        finally
        {
            _upstream?.Dispose();
            _client.Dispose();
        }
    }

    /// <returns>Whether the connection goes on.</returns>
    private async Task<bool> PassAsync(WireHead request, WireReader requests, NetworkStream down, ExchangeFaults faults, CancellationToken cancellationToken)
    {
        if (faults.HoldMilliseconds > 0)
        {
            _proxy.Counts.Hold();
            await Task.Delay(faults.HoldMilliseconds, cancellationToken);
        }

        var answer = faults.IsDoubled ? await DoubleAsync(request, requests, faults, cancellationToken) : await DeliverAsync(request, requests, faults, cancellationToken);
        if (answer is null)
        {
            Break(faults.IsReset);
            return false;
        }

        if (faults.AnswerDelayMilliseconds > 0)
            await Task.Delay(faults.AnswerDelayMilliseconds, cancellationToken);
        if (faults.AnswerCut is { } share)
        {
            var passed = (int)(answer.Length * share);
            await down.WriteAsync(answer.AsMemory(0, passed), cancellationToken);
            _proxy.Counts.Down(passed);
            _proxy.Counts.AnswerCut(passed == 0);
            Break(faults.IsReset);
            return false;
        }

        await down.WriteAsync(answer, cancellationToken);
        _proxy.Counts.Down(answer.Length);
        return true;
    }

    /// <returns>The whole answer; null where the request was cut, or the server gone.</returns>
    private async Task<byte[]?> DeliverAsync(WireHead request, WireReader requests, ExchangeFaults faults, CancellationToken cancellationToken)
    {
        if (!await ConnectAsync(cancellationToken))
            return null;
        var left = faults.RequestCut ?? long.MaxValue;
        var head = request.Bytes.AsMemory(0, (int)Math.Min(left, request.Bytes.Length));
        Count(request, request.Bytes.Length);
        await _up!.WriteAsync(head, cancellationToken);
        left -= head.Length;
        for (var body = request.ContentLength ?? 0; body > 0 && left > 0;)
        {
            var some = await requests.SomeAsync(Math.Min(body, left), cancellationToken);
            Count(request, some.Length);
            await _up.WriteAsync(some, cancellationToken);
            (body, left) = (body - some.Length, left - some.Length);
        }
        if (left <= 0)
        {
            _proxy.Counts.RequestCut();
            return null;
        }

        return await AnswerAsync(_answers!, request, cancellationToken);
    }

    private async Task<byte[]?> DoubleAsync(WireHead request, WireReader requests, ExchangeFaults faults, CancellationToken cancellationToken)
    {
        byte[] whole = [.. request.Bytes, .. await requests.ExactlyAsync(request.ContentLength ?? 0, cancellationToken)];
        Count(request, whole.Length);
        _proxy.Counts.Double();
        var answers = await Task.WhenAll(OneAsync(), OneAsync());
        return answers[faults.IsSecondAnswer ? 1 : 0];

        async Task<byte[]?> OneAsync()
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(_server, cancellationToken);
                await using var stream = new NetworkStream(socket);
                await stream.WriteAsync(whole, cancellationToken);
                return await AnswerAsync(new WireReader(stream), request, cancellationToken);
            }
            catch (Exception gone) when (gone is IOException or SocketException)
            {
                _proxy.Counts.Gone();
                return null;
            }
        }
    }

    private async Task<byte[]?> AnswerAsync(WireReader answers, WireHead request, CancellationToken cancellationToken)
    {
        try
        {
            if (await answers.HeadAsync(cancellationToken) is not { } head)
            {
                _proxy.Counts.Gone();
                return null;
            }
            return [.. head.Bytes, .. await answers.AnswerBodyAsync(head, request.Method, cancellationToken)];
        }
        catch (Exception gone) when (gone is IOException or SocketException)
        {
            _proxy.Counts.Gone();
            return null;
        }
    }

    private async Task<bool> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_upstream is not null)
            return true;
        _upstream = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await _upstream.ConnectAsync(_server, cancellationToken);
        }
        catch (SocketException)
        {
            _proxy.Counts.Gone();
            return false; // the server is down just now
        }
        _up = new NetworkStream(_upstream);
        _answers = new WireReader(_up);
        return true;
    }

    private void Count(WireHead request, long bytes) =>
        _proxy.Counts.Up(bytes, request.Path.StartsWith("/uploads", StringComparison.Ordinal) || request.Path.Contains("/photos", StringComparison.Ordinal));

    private void Break(bool isReset)
    {
        if (isReset)
        {
            _client.LingerState = new LingerOption(enable: true, seconds: 0);
            if (_upstream is not null)
                _upstream.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        _upstream?.Close();
        _client.Close();
    }
}
