using MeterSync.Store.Vision;
using MeterSync.Tests.Host.Verbs;

namespace MeterSync.Tests.Store.Vision;

/// <summary>What becomes of the processes, and of those who wait for them.</summary>
public sealed class VisionProcessTests
{
    private static readonly byte[] Picture = TestPictures.Quarters(64, 64);

    [Fact]
    public async Task Starts_nothing_before_there_is_a_picture_and_ends_when_there_is_none_for_long()
    {
        await using var desk = new VisionDesk(new VisionOptions { TimeoutSeconds = 120, IdleSeconds = 1 });
        Assert.Empty(desk.Workers.IdleProcesses);
        var process = await desk.ProcessAsync();
        Assert.True(VisionDesk.Runs(process));
        await VisionDesk.UntilAsync(() => desk.Workers.IdleProcesses.Count == 0 && !VisionDesk.Runs(process));
        await desk.MakeAsync(Picture);
    }

    [Fact]
    public async Task One_process_serves_many_pictures_and_is_then_replaced()
    {
        await using var desk = new VisionDesk(new VisionOptions { TimeoutSeconds = 120, PicturesPerProcess = 3 });
        var first = await desk.ProcessAsync();
        await desk.MakeAsync(Picture);
        Assert.Equal(first, await desk.ProcessAsync());
        await desk.MakeAsync(Picture);
        Assert.Empty(desk.Workers.IdleProcesses);
        Assert.False(VisionDesk.Runs(first));
        Assert.NotEqual(first, await desk.ProcessAsync());
    }

    [Fact]
    public async Task A_process_killed_in_the_middle_fails_its_picture_alone()
    {
        await using var desk = new VisionDesk();
        var process = await desk.ProcessAsync();
        VisionDesk.Signal(process, "STOP");
        var waiting = desk.AskAsync(Picture);
        await VisionDesk.UntilAsync(() => desk.Workers.IdleProcesses.Count == 0);
        VisionDesk.Signal(process, "KILL");
        var failed = await waiting;
        Assert.Equal(("photo.worker_failed", 503), (failed.Problem?.Code.Code, failed.Problem?.Code.Status));
        Assert.NotNull(failed.Problem?.RetryAfterSeconds);
        await desk.MakeAsync(Picture);
        Assert.NotEqual(process, await desk.ProcessAsync());
    }

    [Fact]
    public async Task A_process_killed_while_it_waits_is_replaced_unnoticed()
    {
        await using var desk = new VisionDesk();
        var process = await desk.ProcessAsync();
        VisionDesk.Signal(process, "KILL");
        await VisionDesk.UntilAsync(() => !VisionDesk.Runs(process) || File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal));
        await desk.MakeAsync(Picture);
    }

    [Fact]
    public async Task A_process_that_hangs_is_killed_at_the_limit()
    {
        await using var desk = new VisionDesk(new VisionOptions { TimeoutSeconds = 2 });
        var process = await desk.ProcessAsync();
        VisionDesk.Signal(process, "STOP");
        var failed = await desk.RefuseAsync(Picture, "photo.worker_failed");
        Assert.Equal("Decoding the picture took longer than 2 s.", failed.Message);
        Assert.False(VisionDesk.Runs(process));
        await desk.MakeAsync(Picture);
    }

    [Fact]
    public async Task Who_stops_waiting_ends_the_process_too()
    {
        await using var desk = new VisionDesk();
        var process = await desk.ProcessAsync();
        VisionDesk.Signal(process, "STOP");
        using var patience = new CancellationTokenSource();
        using var stream = new MemoryStream(Picture);
        var waiting = desk.Workers.ThumbnailAsync(stream, Thumbnail.UsualEdge, patience.Token);
        await VisionDesk.UntilAsync(() => desk.Workers.IdleProcesses.Count == 0);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(VisionDesk.Runs(process));
        await desk.MakeAsync(Picture);
    }

    [Fact]
    public async Task Twenty_at_once_take_turns()
    {
        await using var desk = new VisionDesk(new VisionOptions { TimeoutSeconds = 120, Workers = 2 });
        var pictures = Enumerable.Range(0, 20).Select(number => TestPictures.Quarters(100 + number, 90)).ToList();
        var made = await Task.WhenAll(pictures.Select(picture => desk.MakeAsync(picture)));
        Assert.Equal(Enumerable.Range(100, 20), made.Select(one => one.Original.Width));
        Assert.InRange(desk.Workers.IdleProcesses.Count, 1, 2);
    }

    [Fact]
    public async Task A_picture_that_needs_more_memory_than_there_is_is_refused_and_the_next_one_is_not()
    {
        await using var desk = new VisionDesk(new VisionOptions { TimeoutSeconds = 120, MemoryMiB = 128 });
        var greedy = TestPictures.BlackJpeg(7_000, 7_000, ("interlace", "true"), ("subsample-mode", "off"));
        var refused = await desk.RefuseAsync(greedy, "photo.unreadable");
        Assert.Equal("Decoding the picture takes more than the 128 MiB it may.", refused.Message);
        await desk.MakeAsync(Picture);
        await using var roomier = new VisionDesk();
        await roomier.MakeAsync(greedy);
    }

    [Fact]
    public async Task Its_process_has_no_secrets_no_files_to_open_and_no_core_to_leave()
    {
        await using var desk = new VisionDesk();
        var process = await desk.ProcessAsync();
        var environment = await File.ReadAllTextAsync($"/proc/{process}/environ", TestContext.Current.CancellationToken);
        Assert.Contains("VIPS_CONCURRENCY=1", environment, StringComparison.Ordinal);
        Assert.DoesNotContain("METERSYNC", environment, StringComparison.Ordinal);
        Assert.DoesNotContain("HOME=", environment, StringComparison.Ordinal);
        var status = await File.ReadAllTextAsync($"/proc/{process}/status", TestContext.Current.CancellationToken);
        Assert.Matches(@"NoNewPrivs:\s+1", status);
        Assert.Matches(@"Seccomp:\s+2", status);
        var limits = await File.ReadAllTextAsync($"/proc/{process}/limits", TestContext.Current.CancellationToken);
        Assert.Matches(@"Max core file size\s+0\s+0", limits);
        Assert.Matches(@"Max file size\s+0\s+0", limits);
        Assert.Matches($@"Max data size\s+{768L * 1024 * 1024}\s+{768L * 1024 * 1024}", limits);
    }

    [Fact]
    public async Task Ends_with_its_input_and_stands_in_no_list_of_verbs()
    {
        await using var installation = new Installation();
        var worker = installation.Start("vision-worker");
        worker.StandardInput.Close();
        var end = await Installation.EndAsync(worker);
        Assert.True(end.ExitCode == 0, end.All);
        Assert.Contains("\"version\":1", end.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("vision-worker", (await installation.RunAsync("--help")).All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_what_to_install_where_the_library_is_missing()
    {
        await using var desk = new VisionDesk(new VisionOptions { Library = "/nowhere/libvips.so" });
        var (isHealthy, message) = desk.Workers.Look();
        Assert.False(isHealthy);
        Assert.Contains("/nowhere/libvips.so", message, StringComparison.Ordinal);
        await desk.RefuseAsync(Picture, "photo.worker_unavailable");
        await using var whole = new VisionDesk();
        Assert.True(whole.Workers.Look().IsHealthy);
    }

    [Fact]
    public async Task Says_why_the_process_does_not_start()
    {
        var file = Path.Combine(Path.GetTempPath(), $"metersync-{Guid.CreateVersion7():n}.so");
        await File.WriteAllTextAsync(file, "no library", TestContext.Current.CancellationToken);
        try
        {
            await using var desk = new VisionDesk(new VisionOptions { Library = file });
            Assert.True(desk.Workers.Look().IsHealthy);
            await desk.RefuseAsync(Picture, "photo.worker_unavailable");
            var (isHealthy, message) = desk.Workers.Look();
            Assert.False(isHealthy);
            Assert.Contains(file, message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
