using System.Diagnostics;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using MeterSync.Vision.Worker;

namespace MeterSync.Store.Vision;

/// <summary>One running process that decodes pictures. It is used by one caller at a time; after any exception it is good for nothing but being disposed of.</summary>
internal sealed class VisionProcess : IAsyncDisposable
{
    private const string Zombie = ") Z ";
    private const int KeptOfErrors = 400, CopyBytes = 64 * 1024;
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);
    private readonly Process process;
    private readonly Task<string> errors;
    private long asked;

    private VisionProcess(Process process)
    {
        this.process = process;
        errors = LastWordsAsync(process.StandardError.BaseStream);
    }

    public int Id => process.Id;

    public int Served { get; private set; }

    public DateTimeOffset IdleSince { get; set; }

    /// <summary>Asks the kernel: the runtime hears of it a little later.</summary>
    public bool HasEnded
    {
        get
        {
            try
            {
                return process.HasExited || File.ReadAllText($"/proc/{process.Id}/stat").Contains(Zombie, StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return true;
            }
        }
    }

    /// <summary>Starts it and waits until it can work.</summary>
    /// <exception cref="VisionProcessException">It cannot.</exception>
    public static async Task<VisionProcess> StartAsync(VisionOptions options, CancellationToken limit)
    {
        VisionProcess started;
        try
        {
            started = new VisionProcess(Process.Start(WorkerProgram.Start(options)) ?? throw new VisionProcessException("start", "the operating system did not start it"));
        }
        catch (System.ComponentModel.Win32Exception refused)
        {
            throw new VisionProcessException("start", $"it could not be started: {refused.Message}");
        }

        try
        {
            var (hello, _) = await started.GuardAsync(() => started.ReadAsync(WorkerJson.Default.WorkerHello, 0), limit);
            return hello.Version != WorkerFrame.Version ? throw new VisionProcessException("start", $"it speaks version {hello.Version} of the protocol and this server {WorkerFrame.Version}: the program was replaced while it ran; restart the server")
                : hello.Trouble is { } trouble ? throw new VisionProcessException("library", trouble)
                : started;
        }
        catch (Exception)
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="VisionProcessException">It ended, or did not answer before the limit.</exception>
    public async Task<(WorkerAnswer Answer, byte[] Thumbnail)> AskAsync(WorkerRequest request, Stream picture, CancellationToken limit)
    {
        request = request with { Id = ++asked };
        var answer = await GuardAsync(
            async () =>
            {
                await SendAsync(request, picture);
                return await ReadAsync(WorkerJson.Default.WorkerAnswer, WorkerFrame.MostThumbnailBytes);
            },
            limit);
        Served++;
        return answer.Head.Id == request.Id ? (answer.Head, answer.Body) : throw new VisionProcessException("crash", $"it answered question {answer.Head.Id} instead of {request.Id}");
    }

    /// <summary>Its input ends, and so does it; a process that does not is killed.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            process.StandardInput.Close();
            using var patience = new CancellationTokenSource(Farewell);
            await process.WaitForExitAsync(patience.Token);
        }
        catch (Exception late) when (late is IOException or OperationCanceledException)
        {
            Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }

        await errors;
        process.Dispose();
    }

    private void Kill()
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException) when (process.HasExited)
        {
            return;
        }
    }

    /// <summary>Killing it is what ends a read or a write that waits: a pipe cannot be cancelled.</summary>
    private async Task<T> GuardAsync<T>(Func<Task<T>> conversation, CancellationToken limit)
    {
        await using var killing = limit.Register(Kill);
        try
        {
            return await conversation();
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException or ObjectDisposedException)
        {
            limit.ThrowIfCancellationRequested();
            throw new VisionProcessException("crash", await EndAsync());
        }
    }

    private async Task SendAsync(WorkerRequest request, Stream picture)
    {
        var input = process.StandardInput.BaseStream;
        await input.WriteAsync(WorkerFrame.Begin(request, WorkerJson.Default.WorkerRequest, (int)picture.Length), CancellationToken.None);
        picture.Position = 0;
        await picture.CopyToAsync(input, CopyBytes, CancellationToken.None);
        await input.FlushAsync(CancellationToken.None);
    }

    private async Task<(T Head, byte[] Body)> ReadAsync<T>(JsonTypeInfo<T> form, int mostBodyBytes)
    {
        var output = process.StandardOutput.BaseStream;
        var prefix = new byte[WorkerFrame.PrefixBytes];
        await output.ReadExactlyAsync(prefix, CancellationToken.None);
        var (headBytes, bodyBytes) = WorkerFrame.LengthsOf(prefix, mostBodyBytes);
        var (head, body) = (new byte[headBytes], new byte[bodyBytes]);
        await output.ReadExactlyAsync(head, CancellationToken.None);
        await output.ReadExactlyAsync(body, CancellationToken.None);
        return (WorkerFrame.HeadOf(head, form), body);
    }

    /// <summary>How it ended, in words. What it still wanted to say is cut and may come from a library, so it belongs in no answer.</summary>
    private async Task<string> EndAsync()
    {
        Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        var words = await errors;
        return process.ExitCode > 128
            ? $"it was ended by signal {process.ExitCode - 128}{(words.Length > 0 ? ": " : "")}{words}"
            : $"it ended with exit code {process.ExitCode}{(words.Length > 0 ? ": " : "")}{words}";
    }

    private static async Task<string> LastWordsAsync(Stream stream)
    {
        var kept = Array.Empty<byte>();
        var buffer = new byte[KeptOfErrors];
        while (await stream.ReadAsync(buffer) is > 0 and var read)
        {
            kept = [.. kept.Concat(buffer.Take(read)).TakeLast(KeptOfErrors)];
        }

        return Kernel.LogText.OneLine(Encoding.UTF8.GetString(kept).Trim());
    }
}

/// <summary>The process that decodes pictures cannot work or has ended.</summary>
/// <param name="reason">start, library or crash.</param>
/// <param name="message">For the log.</param>
internal sealed class VisionProcessException(string reason, string message) : Exception(message)
{
    public string Reason => reason;
}
