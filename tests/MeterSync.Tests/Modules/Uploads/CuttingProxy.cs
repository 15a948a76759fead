using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace MeterSync.Tests.Modules.Uploads;

/// <summary>How a connection ends.</summary>
public enum CutKind
{
    /// <summary>Both sides are closed.</summary>
    Closed,

    /// <summary>Both sides are reset.</summary>
    Reset,

    /// <summary>The client's side is reset; the server hears nothing more and nothing of it, as behind a network that forgot the connection.</summary>
    Silent,
}

/// <summary>A network between a client and a server that breaks off after so many bytes from the client, once for each number given, and is well after that. Counts what the client sent.</summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private const int HeadersAtMost = 2_000;
    private static readonly TimeSpan OnItsWay = TimeSpan.FromMilliseconds(500);

    /// <summary>A network that broke off is not there again in the same instant: what was sent before is with the server by then.</summary>
    private static readonly TimeSpan UntilItIsBack = TimeSpan.FromMilliseconds(300);
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource over = new();
    private readonly List<TcpClient> kept = [];
    private readonly Queue<int> cuts;
    private readonly CutKind kind;
    private readonly Uri server;
    private readonly Task accepting;
    private long sent;
    private int broken;
    private long brokenAt = long.MinValue;

    public CuttingProxy(Uri server, CutKind kind, params int[] cutsAfterBytes)
    {
        (this.server, this.kind, cuts) = (server, kind, new Queue<int>(cutsAfterBytes));
        listener.Start();
        accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <summary>Bytes that came from clients, headers included.</summary>
    public long Sent => Interlocked.Read(ref sent);

    /// <summary>Connections that were cut.</summary>
    public int Broken => Volatile.Read(ref broken);

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        listener.Stop();
        await accepting;
        lock (kept)
        {
            kept.ForEach(client => client.Dispose());
        }

        over.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(over.Token);
                var upstream = new TcpClient();
                lock (kept)
                {
                    kept.AddRange([client, upstream]);
                }

                var left = Interlocked.Read(ref brokenAt) is var since and not long.MinValue ? UntilItIsBack - Stopwatch.GetElapsedTime(since) : TimeSpan.Zero;
                if (left > TimeSpan.Zero)
                {
                    await Task.Delay(left, over.Token);
                }

                await upstream.ConnectAsync(server.Host, server.Port, over.Token);
                _ = CarryBackAsync(upstream, client);
                _ = CarryAsync(client, upstream);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(TcpClient client, TcpClient upstream)
    {
        var buffer = new byte[16 * 1024];
        long carried = 0;
        try
        {
            int read;
            while ((read = await client.GetStream().ReadAsync(buffer, over.Token)) > 0)
            {
                Interlocked.Add(ref sent, read);
                await upstream.GetStream().WriteAsync(buffer.AsMemory(0, read), over.Token);
                carried += read;
                if (IsDue(carried))
                {
                    Interlocked.Exchange(ref brokenAt, Stopwatch.GetTimestamp());
                    Interlocked.Increment(ref broken);
                    await BreakAsync(client, upstream);
                    return;
                }
            }

            upstream.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            upstream.Dispose();
        }
    }

    private static async Task CarryBackAsync(TcpClient upstream, TcpClient client)
    {
        try
        {
            await upstream.GetStream().CopyToAsync(client.GetStream());
            client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is IOException or SocketException or InvalidOperationException or ObjectDisposedException)
        {
            client.Dispose();
        }
    }

    /// <summary>Connections without a body do not count.</summary>
    private bool IsDue(long carried)
    {
        lock (cuts)
        {
            return carried > HeadersAtMost && cuts.TryPeek(out var next) && carried >= next && cuts.TryDequeue(out _);
        }
    }

    private async Task BreakAsync(TcpClient client, TcpClient upstream)
    {
        if (kind != CutKind.Closed)
        {
            client.LingerState = new LingerOption(enable: true, 0);
        }

        client.Dispose();
        if (kind == CutKind.Reset)
        {
            // What is still on its way is lost with the connection; on a network of phones that is less than on this machine.
            await Task.Delay(OnItsWay);
            upstream.LingerState = new LingerOption(enable: true, 0);
        }

        if (kind != CutKind.Silent)
        {
            upstream.Dispose();
        }
    }
}
