using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MeterSync.Bench.Field.Faults;

/// <summary>Stands between phones and the server and breaks what the plan says.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<long, Task> _open = [];
    private readonly IPEndPoint _server;
    private readonly Task _accepting;

    public FaultProxy(Uri server, IFaultPlan plan)
    {
        _server = new IPEndPoint(IPAddress.Loopback, server.Port);
        Plan = plan;
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>May be changed while it runs; requests that come from then on follow the new one.</summary>
    public IFaultPlan Plan { get; set; }

    public FaultCounts Counts { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_open.Values);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        for (var number = 0L; ; number++)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync(_stopping.Token);
            }
            catch (Exception stopped) when (stopped is OperationCanceledException or SocketException && _stopping.IsCancellationRequested)
            {
                return;
            }
            Counts.Connection();
            var connection = new ProxiedConnection(number, client, _server, this);
            var mine = number;
            var running = connection.RunAsync(_stopping.Token);
            _open[mine] = running;
            _ = running.ContinueWith(
                _ =>
                {
                    connection.Dispose();
                    _open.TryRemove(mine, out var _);
                },
                TaskScheduler.Default);
        }
    }
}
