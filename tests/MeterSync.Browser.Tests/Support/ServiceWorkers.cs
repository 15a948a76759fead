using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;

namespace MeterSync.Browser.Tests.Support;

/// <summary>The service workers of one running Chromium. A worker that is watched is not put to sleep by the browser.</summary>
internal sealed class ServiceWorkers : IAsyncDisposable
{
    private const string PortFile = "DevToolsActivePort";
    private static readonly TimeSpan s_within = TimeSpan.FromSeconds(20);
    private readonly ConcurrentDictionary<string, string> _sessions = new();
    private readonly Func<string?> _onStart;
    private readonly Action<string> _onError;
    private DevToolsLine? _line;

    private ServiceWorkers(Func<string?> onStart, Action<string> onError) => (_onStart, _onError) = (onStart, onError);

    /// <summary>Their scripts' addresses.</summary>
    public IReadOnlyList<string> Running => [.. _sessions.Values];

    /// <summary>Forgets the port of the browser that had the profile before.</summary>
    public static void Forget(string profileFolder) => File.Delete(Path.Combine(profileFolder, PortFile));

    /// <param name="profileFolder">Of a browser started with <c>--remote-debugging-port=0</c>.</param>
    /// <param name="onStart">The script that each worker runs as soon as it is seen; null: none.</param>
    /// <param name="onError">Told of console errors and uncaught exceptions.</param>
    public static async Task<ServiceWorkers> WatchAsync(string profileFolder, Func<string?> onStart, Action<string> onError)
    {
        var workers = new ServiceWorkers(onStart, onError);
        workers._line = await DevToolsLine.OpenAsync(await AddressAsync(profileFolder), workers.OnEvent);
        await workers._line.AskAsync("Target.setAutoAttach", new
        {
            autoAttach = true,
            waitForDebuggerOnStart = true,
            flatten = true,
            filter = new object[] { new { type = "service_worker" }, new { exclude = true } },
        });
        return workers;
    }

    /// <summary>Waits until one runs and has run its first script.</summary>
    /// <exception cref="InvalidOperationException">None does.</exception>
    public async Task SeenAsync()
    {
        var watch = Stopwatch.StartNew();
        while (_sessions.IsEmpty)
        {
            if (watch.Elapsed > s_within)
            {
                throw new InvalidOperationException("No service worker runs.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    /// <summary>Evaluates an expression in every running worker, awaiting a promise.</summary>
    /// <returns>The values, as JSON.</returns>
    /// <exception cref="InvalidOperationException">It throws.</exception>
    public async Task<IReadOnlyList<JsonElement>> EvaluateAsync(string expression)
    {
        var values = new List<JsonElement>();
        foreach (var session in _sessions.Keys)
        {
            values.Add(await EvaluateAsync(session, expression));
        }

        return values;
    }

    public async ValueTask DisposeAsync()
    {
        if (_line is not null)
        {
            await _line.DisposeAsync();
        }
    }

    /// <summary>Of the browser that runs with the profile, once it listens.</summary>
    public static async Task<Uri> AddressAsync(string profileFolder)
    {
        var file = Path.Combine(profileFolder, PortFile);
        using var deadline = new CancellationTokenSource(s_within);
        while (true)
        {
            if (File.Exists(file) && await File.ReadAllLinesAsync(file, deadline.Token) is [var port, var path, ..])
            {
                return new Uri(string.Create(CultureInfo.InvariantCulture, $"ws://127.0.0.1:{port}{path}"));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
        }
    }

    private async Task<JsonElement> EvaluateAsync(string session, string expression)
    {
        var answer = await _line!.AskAsync("Runtime.evaluate", new { expression, awaitPromise = true, returnByValue = true }, session);
        return answer.TryGetProperty("exceptionDetails", out var thrown)
            ? throw new InvalidOperationException($"{expression} threw in {_sessions.GetValueOrDefault(session)}: {thrown}")
            : answer.GetProperty("result").TryGetProperty("value", out var value) ? value : default;
    }

    private void OnEvent(string method, string? session, JsonElement parameters)
    {
        switch (method)
        {
            case "Target.attachedToTarget":
                _ = BeginAsync(parameters.GetProperty("sessionId").GetString()!, parameters.GetProperty("targetInfo").GetProperty("url").GetString()!);
                break;
            case "Target.detachedFromTarget":
                _sessions.TryRemove(parameters.GetProperty("sessionId").GetString()!, out _);
                break;
            case "Runtime.exceptionThrown":
                var details = parameters.GetProperty("exceptionDetails");
                _onError(details.TryGetProperty("exception", out var thrown) && thrown.TryGetProperty("description", out var said) ? said.GetString()! : details.GetProperty("text").GetString()!);
                break;
            case "Runtime.consoleAPICalled" when parameters.GetProperty("type").GetString() == "error":
                _onError(string.Join(' ', parameters.GetProperty("args").EnumerateArray().Select(Shown)));
                break;
            case "Log.entryAdded" when parameters.GetProperty("entry") is var entry && entry.GetProperty("level").GetString() == "error":
                _onError($"{entry.GetProperty("text").GetString()} ({_sessions.GetValueOrDefault(session ?? "")})");
                break;
            default:
                break;
        }
    }

    private async Task BeginAsync(string session, string script)
    {
        try
        {
            // Before anything else: Playwright lets the worker run as soon as it has seen it, too.
            if (_onStart() is { } first)
            {
                await EvaluateAsync(session, first);
            }

            await _line!.AskAsync("Runtime.enable", null, session);
            await _line.AskAsync("Log.enable", null, session);
            await _line.AskAsync("Runtime.runIfWaitingForDebugger", null, session);
            _sessions[session] = script;
        }
        catch (Exception ended) when (ended is WebSocketException or InvalidOperationException or ObjectDisposedException)
        {
            // A worker may end before it has begun; one that cannot be reached must not go by unseen.
            if (_line is not null)
            {
                _onError($"The service worker {script} was not reached: {ended.Message}");
            }
        }
    }

    private static string Shown(JsonElement argument) =>
        argument.TryGetProperty("value", out var value) ? value.ToString() : argument.TryGetProperty("description", out var said) ? said.GetString()! : argument.ToString();
}
