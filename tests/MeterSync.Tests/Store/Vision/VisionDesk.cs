using System.Diagnostics;
using MeterSync.Kernel;
using MeterSync.Store.Vision;
using MeterSync.Vision.Pictures;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MeterSync.Tests.Store.Vision;

/// <summary>The real decoder with its real processes, and what tests do to them.</summary>
internal sealed class VisionDesk(VisionOptions? options = null) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public VisionWorkers Workers { get; } = new(Options.Create(options ?? new VisionOptions { TimeoutSeconds = 120 }), TimeProvider.System, NullLogger<VisionWorkers>.Instance);

    public async Task<Outcome<Thumbnail>> AskAsync(byte[] picture, int maxEdge = Thumbnail.UsualEdge)
    {
        using var stream = new MemoryStream(picture, writable: false);
        return await Workers.ThumbnailAsync(stream, maxEdge, TestContext.Current.CancellationToken);
    }

    public async Task<Outcome<PictureFacts>> FactsAsync(byte[] picture)
    {
        using var stream = new MemoryStream(picture, writable: false);
        return await Workers.FactsAsync(stream, TestContext.Current.CancellationToken);
    }

    public async Task<Thumbnail> MakeAsync(byte[] picture, int maxEdge = Thumbnail.UsualEdge)
    {
        var made = await AskAsync(picture, maxEdge);
        Assert.True(made.Succeeded, made.Problem?.Message);
        return made.Value;
    }

    public async Task<Problem> RefuseAsync(byte[] picture, string code)
    {
        var made = await AskAsync(picture);
        Assert.False(made.Succeeded, "A thumbnail was made.");
        Assert.Equal(code, made.Problem.Code.Code);
        return made.Problem;
    }

    /// <summary>The one process that waits; started where there is none.</summary>
    public async Task<int> ProcessAsync()
    {
        if (Workers.IdleProcesses.Count == 0)
        {
            await MakeAsync(TestPictures.Quarters(8, 8));
        }

        return Assert.Single(Workers.IdleProcesses);
    }

    public static void Signal(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    public static bool Runs(int process) => Directory.Exists($"/proc/{process}");

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(20, limit.Token);
        }
    }

    public ValueTask DisposeAsync() => Workers.DisposeAsync();
}
