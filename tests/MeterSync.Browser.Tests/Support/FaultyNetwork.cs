using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MeterSync.Browser.Tests.Support;

/// <summary>The network between a phone and its server: a reverse proxy on a loopback port that the phone takes for the server, and that fails on demand. It passes every head on unchanged but
/// for <c>Connection</c>, so that host, origin and cookies agree.</summary>
/// <remarks>Every connection carries one request. Chromium sends a request again by itself when a connection that was used before breaks; on a fresh one the application hears of it.</remarks>
public sealed class FaultyNetwork : IAsyncDisposable
{
    private readonly Uri _server;
    private readonly int _port;
    private readonly Lock _lock = new();
    private readonly List<NetworkRule> _rules = [];
    private readonly ConcurrentQueue<WireExchange> _exchanges = new();
    private readonly ConcurrentDictionary<WireConnection, byte> _open = new();
    private readonly ConcurrentQueue<Exception> _failures = new();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    private FaultyNetwork(Uri server, int port) => (_server, _port) = (server, port);

    /// <summary>What the phone opens: scheme, host and port.</summary>
    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"));

    /// <summary>True while connections are refused.</summary>
    public bool IsGone => _listener is null;

    /// <summary>What was asked and what became of it, in the order in which it ended.</summary>
    public IReadOnlyList<WireExchange> Exchanges => [.. _exchanges];

    /// <param name="server">Need not run yet.</param>
    /// <param name="port">Null: a free one below 32768.</param>
    public static FaultyNetwork Open(Uri server, int? port = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        var network = new FaultyNetwork(server, port ?? FreePort.Find());
        network.Return();
        return network;
    }

    /// <summary>Nothing listens any more: connections are refused, and those that are open break.</summary>
    public void Vanish()
    {
        Interlocked.Exchange(ref _listener, null)?.Stop();
        foreach (var connection in _open.Keys)
        {
            connection.Break();
        }
    }

    /// <summary>Ends <see cref="Vanish"/>, on the same port.</summary>
    public void Return()
    {
        if (_listener is not null)
        {
            return;
        }

        var listener = new TcpListener(IPAddress.Loopback, _port);
        listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Start(backlog: 512);
        _listener = listener;
        _accepting = AcceptAsync(listener);
    }

    /// <summary>Lets something happen to requests. Of several rules that fit the newest is applied.</summary>
    /// <param name="which">Asked of every request, from several threads.</param>
    /// <param name="times">Then it is used up.</param>
    public NetworkRule On(Func<WireRequest, bool> which, NetworkFault fault, int times = int.MaxValue)
    {
        var rule = new NetworkRule(which, fault, times);
        lock (_lock)
        {
            _rules.Add(rule);
        }

        return rule;
    }

    /// <summary>As above, for one method and path.</summary>
    public NetworkRule On(string method, string path, NetworkFault fault, int times = int.MaxValue) => On(request => request.Is(method, path), fault, times);

    /// <summary>Takes a rule away; all of them where none is named. What is on its way keeps its fault.</summary>
    public void Heal(NetworkRule? rule = null)
    {
        lock (_lock)
        {
            _rules.RemoveAll(one => rule is null || one == rule);
        }
    }

    /// <summary>How many requests with this method and a path that begins so have ended.</summary>
    public int CountOf(string method, string pathBegins) =>
        _exchanges.Count(exchange => exchange.Request.Method == method && exchange.Request.Path.StartsWith(pathBegins, StringComparison.Ordinal));

    /// <exception cref="AggregateException">Something went wrong in the proxy itself.</exception>
    public async ValueTask DisposeAsync()
    {
        Vanish();
        await _accepting;
        while (!_open.IsEmpty)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }

        if (!_failures.IsEmpty)
        {
            throw new AggregateException("The proxy failed.", _failures);
        }
    }

    internal NetworkFault? FaultFor(WireRequest request)
    {
        lock (_lock)
        {
            return Enumerable.Reverse(_rules).FirstOrDefault(rule => rule.TryUse(request))?.Fault;
        }
    }

    internal void Remember(WireExchange exchange) => _exchanges.Enqueue(exchange);

    private async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            Socket phone;
            try
            {
                phone = await listener.AcceptSocketAsync();
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
            {
                return; // stopped
            }

            var connection = new WireConnection(this, phone, _server);
            _open[connection] = 0;
            _ = RunAsync(connection);
        }
    }

    private async Task RunAsync(WireConnection connection)
    {
        try
        {
            if (IsGone)
            {
                connection.Break(); // accepted while the network vanished
            }

            await connection.RunAsync();
        }
        catch (Exception failure) when (failure is not (IOException or SocketException or OperationCanceledException or ObjectDisposedException))
        {
            _failures.Enqueue(failure);
        }
        finally
        {
            connection.Dispose();
            _open.TryRemove(connection, out _);
        }
    }
}
