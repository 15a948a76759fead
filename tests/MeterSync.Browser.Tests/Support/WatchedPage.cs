using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace MeterSync.Browser.Tests.Support;

/// <summary>A page with a record of what went wrong on it and of every address it asked for.</summary>
public sealed class WatchedPage : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentQueue<Uri> _requests = new();

    public WatchedPage(IPage page)
    {
        ArgumentNullException.ThrowIfNull(page);
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _errors.Enqueue($"{message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, error) => _errors.Enqueue(error);
        page.Request += (_, request) => _requests.Enqueue(new Uri(request.Url));
    }

    public IPage Page { get; }

    /// <summary>Console errors and uncaught exceptions, oldest first. A refused or failed request is among them.</summary>
    public IReadOnlyList<string> Errors => [.. _errors];

    /// <summary>Addresses asked for over the network, whether or not the request was let through.</summary>
    public IReadOnlyList<Uri> NetworkRequests =>
        [.. _requests.Where(address => address.Scheme is "http" or "https" or "ws" or "wss")];

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
