using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Store;
using MeterSync.Store.Jobs;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Host.Jobs;

/// <summary>Tells how far a running job is: in memory for this process, and on PostgreSQL in its row, twice a second at most, with its lease.
/// On SQLite a job may hold the database's only write lock itself, and no other process needs to know.</summary>
internal sealed class JobProgress : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);
    private readonly IServiceScopeFactory scopes;
    private readonly JobId id;
    private readonly TimeSpan lease;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly JobProgressBoard board;
    private readonly CancellationTokenSource stop = new();
    private readonly Task beating;
    private (double Percent, string Line) latest = (0, "Started");

    public JobProgress(IServiceScopeFactory scopes, JobId id, TimeSpan lease, TimeProvider clock, JobProgressBoard board, StoreProvider provider, ILogger log)
    {
        (this.scopes, this.id, this.lease, this.clock, this.board, this.log) = (scopes, id, lease, clock, board, log);
        beating = provider == StoreProvider.Postgres ? BeatAsync() : Task.CompletedTask;
    }

    public void Report(double percent, string line)
    {
        latest = (Math.Clamp(percent, 0, 100), line);
        board.Set(id, latest.Percent, line);
    }

    public async Task FinishAsync(Outcome<JobResult> outcome)
    {
        await StopAsync();
        var now = clock.GetUtcNow().ToStored();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        var result = outcome.Succeeded ? outcome.Value : new JobResult(outcome.Problem.Message, FailureOf(outcome.Problem));
        var status = outcome.Succeeded ? JobStatus.Completed : JobStatus.Failed;
        var stored = result.Result?.GetRawText();
        using var turn = db.IsSqlite ? await db.Session.EnterWriteGateAsync(CancellationToken.None) : null;
        await db.Set<Job>().Where(job => job.Id == id).ExecuteUpdateAsync(set => set
            .SetProperty(job => job.Status, status)
            .SetProperty(job => job.Progress, job => status == JobStatus.Completed ? 100 : job.Progress)
            .SetProperty(job => job.Message, result.Message)
            .SetProperty(job => job.Result, stored)
            .SetProperty(job => job.OutputName, result.FileName)
            .SetProperty(job => job.OutputContentType, result.ContentType)
            .SetProperty(job => job.FinishedAt, now)
            .SetProperty(job => job.LeaseUntil, (DateTimeOffset?)null));
    }

    /// <summary>Stores nothing any more.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await beating;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        board.Remove(id);
        stop.Dispose();
    }

    private static JsonElement FailureOf(Problem problem)
    {
        var error = new System.Text.Json.Nodes.JsonObject { ["code"] = problem.Code.Code, ["message"] = problem.Message };
        if (problem.Details is { } details)
        {
            var fields = new System.Text.Json.Nodes.JsonObject();
            foreach (var (field, messages) in details)
            {
                fields[field] = new System.Text.Json.Nodes.JsonArray([.. messages.Select(message => (System.Text.Json.Nodes.JsonNode)message)]);
            }

            error["details"] = fields;
        }

        return JsonSerializer.SerializeToElement(new System.Text.Json.Nodes.JsonObject { ["error"] = error }, JobJson.Default.JsonObject);
    }

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(Beat, clock);
        var stored = (Percent: -1d, Line: "");
        var ticks = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                var now = latest;
                if (now == stored && ++ticks % 10 != 0)
                {
                    continue;
                }

                await StoreAsync(now.Percent, now.Line);
                stored = now;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task StoreAsync(double percent, string line)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
            var until = clock.GetUtcNow().ToStored() + lease;
            await db.Set<Job>().Where(job => job.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(job => job.Progress, percent).SetProperty(job => job.Message, line).SetProperty(job => job.LeaseUntil, until), stop.Token);
        }
        catch (Exception exception) when (StoreFaults.IsUnavailable(exception) && !stop.IsCancellationRequested)
        {
            log.LogDebug(exception, "Progress of job {Job} could not be stored", id.Value);
        }
    }
}
