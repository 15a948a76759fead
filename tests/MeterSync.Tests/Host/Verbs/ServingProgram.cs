using System.Collections.Concurrent;
using System.Diagnostics;
using MeterSync.Tests.Support;

namespace MeterSync.Tests.Host.Verbs;

/// <summary>metersync serve as a child process.</summary>
public sealed partial class ServingProgram : IAsyncDisposable
{
    private readonly Process process;
    private bool disposed;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly TaskCompletionSource serving = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ServingProgram(Process process, string url)
    {
        (this.process, Url) = (process, url);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginErrorReadLine();
    }

    public string Url { get; }

    public int ProcessId => process.Id;

    /// <summary>What it said on stderr.</summary>
    public string Said => string.Join('\n', lines);

    public async Task WaitUntilServingAsync(TimeSpan patience)
    {
        var first = await Task.WhenAny(serving.Task, process.WaitForExitAsync(), Task.Delay(patience));
        Assert.True(first == serving.Task, $"The server did not come up:\n{Said}");
    }

    public HttpClient Client() => new(new SocketsHttpHandler()) { BaseAddress = new Uri(Url) };

    /// <summary>A client signed in with the password that the first start printed.</summary>
    public Task<ApiClient> SignInAsAdministratorAsync() => ApiClient.SignInAsync(Client(), "admin", PrintedPassword());

    public string PrintedPassword() => PasswordLine().Match(Said).Groups["password"].Value;

    /// <summary>SIGTERM; the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("sh", ["-c", $"kill -TERM {process.Id}"]);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public Task WaitForEndAsync(CancellationToken cancellationToken) => process.WaitForExitAsync(cancellationToken);

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        if (!process.HasExited)
        {
            await KillAsync();
        }
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }

        lines.Enqueue(line);
        if (line.Contains(" serves on ", StringComparison.Ordinal))
        {
            serving.TrySetResult();
        }
    }

    [System.Text.RegularExpressions.GeneratedRegex("with the password (?<password>\\S+) and")]
    private static partial System.Text.RegularExpressions.Regex PasswordLine();
}
