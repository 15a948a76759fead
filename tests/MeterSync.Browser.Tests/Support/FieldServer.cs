namespace MeterSync.Browser.Tests.Support;

/// <summary>A server with the demo's accounts and no data, shared by the tests of a class that do not kill it.</summary>
public sealed class FieldServer(Browsing browsing) : IAsyncLifetime
{
    private RunningServer? _server;

    public Uri BaseAddress => _server?.BaseAddress ?? throw new InvalidOperationException("The fixture did not start.");

    public async ValueTask InitializeAsync() =>
        _server = await RunningServer.StartAsync(browsing.Playwright, new() { DemoData = false });

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
