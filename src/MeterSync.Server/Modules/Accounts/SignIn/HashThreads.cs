using System.Runtime.InteropServices;
using System.Threading.Channels;
using MeterSync.Kernel;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Accounts.SignIn;

/// <summary>Threads for password hashing, one for each core but one, with the lowest claim to a core. Their queue is bounded.</summary>
internal sealed partial class HashThreads : IDisposable
{
    private const int LowestClaim = 19;
    private const int RetryAfterSeconds = 3;
    private readonly Channel<Action> queue;
    private readonly Lock starting = new();
    private bool started;

    public HashThreads(IOptions<AccountOptions> options) => queue = Channel.CreateBounded<Action>(options.Value.HashQueue);

    /// <exception cref="OverloadedException">As many wait as may.</exception>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        Start();
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!queue.Writer.TryWrite(Run))
        {
            throw new OverloadedException("More people sign in than passwords can be checked at the moment.", RetryAfterSeconds);
        }

        return await done.Task.WaitAsync(cancellationToken);

        void Run()
        {
            if (cancellationToken.IsCancellationRequested)
            {
                done.TrySetCanceled(cancellationToken);
                return;
            }

            try
            {
                done.TrySetResult(work());
            }
            catch (Exception exception)
            {
                done.TrySetException(exception);
            }
        }
    }

    public void Dispose() => queue.Writer.TryComplete();

    private void Start()
    {
        lock (starting)
        {
            if (started)
            {
                return;
            }

            started = true;
            for (var index = 0; index < Math.Max(1, Environment.ProcessorCount - 1); index++)
            {
                new Thread(Work) { IsBackground = true, Name = "password hashing" }.Start();
            }
        }
    }

    private void Work()
    {
        if (OperatingSystem.IsLinux())
        {
            // 0, 0: this very thread. On Linux the claim is a thread's own; .NET's thread priorities do nothing there.
            _ = SetPriority(0, 0, LowestClaim);
        }

        while (queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (queue.Reader.TryRead(out var work))
            {
                work();
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);
}
