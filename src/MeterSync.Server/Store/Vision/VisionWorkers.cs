using MeterSync.Kernel;
using MeterSync.Kernel.Telemetry;
using MeterSync.Vision.Native;
using MeterSync.Vision.Pictures;
using MeterSync.Vision.Worker;
using Microsoft.Extensions.Options;

namespace MeterSync.Store.Vision;

/// <summary>A few processes that decode pictures: started when the first is needed, one picture at a time each, ended when there is nothing to do.</summary>
internal sealed class VisionWorkers(IOptions<VisionOptions> settings, TimeProvider clock, ILogger<VisionWorkers> log) : IVisionWorker, IHealthProbe, IAsyncDisposable
{
    private const int Quality = 80, RetrySeconds = 5;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);
    private readonly VisionOptions options = settings.Value;
    private readonly SemaphoreSlim turns = new(settings.Value.Workers);
    private readonly Lock guard = new();
    private readonly List<VisionProcess> idle = [];
    private ITimer? sweep;
    private bool closed;
    private string? trouble;

    public string Name => "vision";

    /// <summary>Of the processes that wait for work.</summary>
    public IReadOnlyList<int> IdleProcesses
    {
        get
        {
            lock (guard)
            {
                return idle.ConvertAll(process => process.Id);
            }
        }
    }

    public (bool IsHealthy, string Message) Look() =>
        VipsLibrary.Find(options.Library) is null ? (false, options.Library.Length == 0
            ? $"libvips is missing, so photos get no thumbnails. Install it (Debian: apt-get install libvips42), or put the program's own folder libvips beside it again."
            : $"Vision:Library names {options.Library}, which is not there, so photos get no thumbnails. Correct it, or leave it out to use the library that came with the program.")
        : trouble is { } why ? (false, $"The process that decodes photos does not start, so they get no thumbnails: {why}")
        : (true, "Photos are decoded in a process of their own when there are any.");

    public async Task<Outcome<Thumbnail>> ThumbnailAsync(string filePath, int maxEdge, CancellationToken cancellationToken)
    {
        await using var picture = new FileStream(filePath, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        return await ThumbnailAsync(picture, maxEdge, cancellationToken);
    }

    public async Task<Outcome<Thumbnail>> ThumbnailAsync(Stream picture, int maxEdge, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEdge, Thumbnail.SmallestEdge);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxEdge, Thumbnail.LargestEdge);
        var answer = await AskAsync(RequestFor(WorkerOperation.Thumbnail, maxEdge), picture, cancellationToken);
        return answer.Succeeded ? new Thumbnail(answer.Value.Thumbnail, answer.Value.Answer.Width, answer.Value.Answer.Height, answer.Value.Answer.Facts!) : answer.Problem;
    }

    public async Task<Outcome<PictureFacts>> FactsAsync(Stream picture, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(RequestFor(WorkerOperation.Facts, Thumbnail.UsualEdge), picture, cancellationToken);
        return answer.Succeeded ? answer.Value.Answer.Facts! : answer.Problem;
    }

    public async ValueTask DisposeAsync()
    {
        List<VisionProcess> left;
        lock (guard)
        {
            closed = true;
            left = [.. idle];
            idle.Clear();
            sweep?.Dispose();
        }

        foreach (var process in left)
        {
            await process.DisposeAsync();
        }

    }

    private WorkerRequest RequestFor(WorkerOperation operation, int maxEdge) => new(0, operation, maxEdge, Quality, options.MaxMegapixels * 1_000_000L, options.TimeoutSeconds);

    private async Task<Outcome<Decoded>> AskAsync(WorkerRequest request, Stream picture, CancellationToken cancellationToken)
    {
        if (picture.Length > WorkerFrame.MostPictureBytes)
        {
            return VisionProblems.Unreadable.Because($"The photo has {picture.Length} bytes; more than {WorkerFrame.MostPictureBytes} are not decoded.");
        }

        await turns.WaitAsync(cancellationToken);
        try
        {
            var begun = clock.GetTimestamp();
            var outcome = await AskInTurnAsync(request, picture, cancellationToken);
            VisionMetrics.Answered(request.Operation, outcome.Problem, clock.GetElapsedTime(begun));
            return outcome;
        }
        finally
        {
            turns.Release();
        }
    }

    private async Task<Outcome<Decoded>> AskInTurnAsync(WorkerRequest request, Stream picture, CancellationToken cancellationToken)
    {
        VisionProcess? process = null;
        var (reason, isReady) = ("start", false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            limit.CancelAfter(StartPatience);
            process = TakeIdle() ?? await StartAsync(limit.Token);
            isReady = true;
            limit.CancelAfter(TimeSpan.FromSeconds(options.TimeoutSeconds));
            var (answer, thumbnail) = await process.AskAsync(request, picture, limit.Token);
            var done = process;
            process = null;
            await GiveBackAsync(done);
            return answer.Refusal is { } refusal ? Refused(refusal) : new Decoded(answer, thumbnail);
        }
        catch (VisionProcessException failed)
        {
            reason = failed.Reason;
            log.LogWarning("The process that decodes pictures failed ({Reason}): {Why}", failed.Reason, failed.Message);
            return isReady ? Failed("The process that decodes pictures ended while it worked on this one.") : Unavailable("The process that decodes pictures could not be started; /health says why.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            reason = isReady ? "timeout" : "start";
            log.LogWarning("The process that decodes pictures was killed: no answer in time ({Reason})", reason);
            return isReady ? Failed($"Decoding the picture took longer than {options.TimeoutSeconds} s.") : Unavailable($"The process that decodes pictures did not start within {StartPatience.TotalSeconds:0} s.");
        }
        catch (OperationCanceledException)
        {
            reason = "cancelled";
            throw;
        }
        finally
        {
            if (process is not null)
            {
                VisionMetrics.Ended(reason);
                await process.DisposeAsync();
            }
        }
    }

    private async Task<VisionProcess> StartAsync(CancellationToken limit)
    {
        try
        {
            var process = await VisionProcess.StartAsync(options, limit);
            trouble = null;
            log.LogInformation("Process {Process} decodes pictures", process.Id);
            return process;
        }
        catch (VisionProcessException failed)
        {
            trouble = failed.Message;
            VisionMetrics.Ended(failed.Reason);
            throw;
        }
    }

    private VisionProcess? TakeIdle()
    {
        while (true)
        {
            VisionProcess? process;
            lock (guard)
            {
                process = idle.LastOrDefault();
                if (process is null)
                {
                    return null;
                }

                idle.RemoveAt(idle.Count - 1);
            }

            if (!process.HasEnded)
            {
                return process;
            }

            End(process, "crash");
        }
    }

    private async ValueTask GiveBackAsync(VisionProcess process)
    {
        lock (guard)
        {
            if (!closed && process.Served < options.PicturesPerProcess)
            {
                process.IdleSince = clock.GetUtcNow();
                idle.Add(process);
                sweep ??= clock.CreateTimer(_ => Sweep(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                sweep.Change(TimeSpan.FromSeconds(options.IdleSeconds), Timeout.InfiniteTimeSpan);
                return;
            }
        }

        VisionMetrics.Ended("worn");
        await process.DisposeAsync();
    }

    private void Sweep()
    {
        List<VisionProcess> over;
        lock (guard)
        {
            var before = clock.GetUtcNow() - TimeSpan.FromSeconds(options.IdleSeconds);
            over = idle.FindAll(process => process.IdleSince <= before);
            idle.RemoveAll(over.Contains);
            if (idle.Count > 0 && !closed)
            {
                sweep?.Change(TimeSpan.FromSeconds(options.IdleSeconds), Timeout.InfiniteTimeSpan);
            }
        }

        over.ForEach(process => End(process, "idle"));
    }

    /// <summary>Nobody waits for it.</summary>
    private void End(VisionProcess process, string reason)
    {
        VisionMetrics.Ended(reason);
        _ = Task.Run(async () =>
        {
            try
            {
                await process.DisposeAsync();
            }
            catch (Exception exception)
            {
                log.LogError(exception, "A process that decoded pictures could not be ended");
            }
        });
    }

    private Problem Refused(WorkerRefusal refusal)
    {
        log.LogDebug("A picture was not decoded ({Fault}): {Detail}", refusal.Fault, LogText.OneLine(refusal.Detail));
        return refusal.Fault switch
        {
            PictureFault.TooManyPixels => VisionProblems.TooManyPixels.Because($"The picture has {refusal.Width} x {refusal.Height} pixels; more than {options.MaxMegapixels} million are not decoded."),
            PictureFault.TooMuchMemory => VisionProblems.Unreadable.Because($"Decoding the picture takes more than the {options.MemoryMiB} MiB it may."),
            PictureFault.UnknownFormat => VisionProblems.Unreadable.Because("The bytes are no JPEG, PNG, WebP, AVIF or HEIC picture that can be decoded here."),
            _ => VisionProblems.Unreadable.Because("The picture is damaged or ends too early."),
        };
    }

    private static Problem Failed(string why) => VisionProblems.WorkerFailed.Because(why) with { RetryAfterSeconds = RetrySeconds };

    private static Problem Unavailable(string why) => VisionProblems.WorkerUnavailable.Because(why) with { RetryAfterSeconds = RetrySeconds };

    private sealed record Decoded(WorkerAnswer Answer, byte[] Thumbnail);
}
