using Microsoft.Playwright;

namespace MeterSync.Browser.Tests.Support;

/// <summary>One running server and one browser, shared by all journeys: both take seconds to start.</summary>
public sealed class Browsing : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private RunningServer? _server;

    public Uri BaseAddress => Ready(_server).BaseAddress;

    public IPlaywright Playwright => Ready(_playwright);

    public async ValueTask InitializeAsync()
    {
        _playwright = await Microsoft.Playwright.Playwright.CreateAsync();
        _server = await RunningServer.StartAsync(_playwright);
        _browser = await LaunchAsync(_playwright);
    }

    /// <summary>Opens a page in a fresh profile: no cookies, storage or cache of another journey.</summary>
    public async Task<WatchedPage> NewPageAsync()
    {
        var context = await Ready(_browser).NewContextAsync(new() { BaseURL = BaseAddress.OriginalString });
        return new WatchedPage(await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    private static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = ChromiumProgram.Path,
        Headless = true,
        Args = ChromiumProgram.Arguments,
    });

    private static T Ready<T>(T? part)
        where T : class => part ?? throw new InvalidOperationException("The fixture did not start.");
}
