using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;

namespace MeterSync.Browser.Tests.Support;

/// <summary>A second line to a running Chromium over the DevTools protocol, beside Playwright's: it reaches service workers, which Playwright for .NET does not show.</summary>
internal sealed class DevToolsLine : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _asked = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly Action<string, string?, JsonElement> _onEvent;
    private Task _reading = Task.CompletedTask;
    private int _last;

    private DevToolsLine(Action<string, string?, JsonElement> onEvent) => _onEvent = onEvent;

    /// <param name="address">Of the browser's own target.</param>
    /// <param name="onEvent">Told method, session (null: the browser's) and parameters of each event, one after the other. Must not wait for an answer of this line.</param>
    public static async Task<DevToolsLine> OpenAsync(Uri address, Action<string, string?, JsonElement> onEvent)
    {
        var line = new DevToolsLine(onEvent);
        await line._socket.ConnectAsync(address, CancellationToken.None);
        line._reading = line.ReadAsync();
        return line;
    }

    /// <exception cref="InvalidOperationException">The browser refuses it.</exception>
    /// <exception cref="WebSocketException">The browser is gone.</exception>
    public async Task<JsonElement> AskAsync(string method, object? parameters = null, string? session = null)
    {
        var id = Interlocked.Increment(ref _last);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[id] = answer;
        var message = new Dictionary<string, object?> { ["id"] = id, ["method"] = method, ["params"] = parameters ?? new { } };
        if (session is not null)
        {
            message["sessionId"] = session;
        }

        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }

        return await answer.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
        _sending.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var piece = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                if (piece.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                message.Write(buffer, 0, piece.Count);
                if (piece.EndOfMessage)
                {
                    using var document = JsonDocument.Parse(message.GetBuffer().AsMemory(0, (int)message.Length));
                    Handle(document.RootElement.Clone());
                    message.SetLength(0);
                }
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Killed or closed: whoever waits is told below.
        }

        foreach (var waiting in _asked.Values)
        {
            waiting.TrySetException(new WebSocketException("The browser is gone."));
        }
    }

    private void Handle(JsonElement message)
    {
        if (!message.TryGetProperty("id", out var id))
        {
            _onEvent(message.GetProperty("method").GetString()!, message.TryGetProperty("sessionId", out var session) ? session.GetString() : null, message.GetProperty("params"));
        }
        else if (_asked.TryRemove(id.GetInt32(), out var waiting))
        {
            if (message.TryGetProperty("error", out var error))
            {
                waiting.TrySetException(new InvalidOperationException($"The browser refuses: {error}"));
            }
            else
            {
                waiting.TrySetResult(message.GetProperty("result"));
            }
        }
    }
}
