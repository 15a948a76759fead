using System.Text.Json;
using MeterSync.Host.Jobs;
using MeterSync.Kernel;
using MeterSync.Store;
using MeterSync.Store.Jobs;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace MeterSync.Tests.Host.Jobs;

public abstract class JobWorkerTests(ServerFixture server)
{
    [Fact]
    public async Task A_job_that_throws_fails_without_telling_of_the_inside_and_the_next_one_runs()
    {
        var broken = await FinishedAsync(await EnqueueAsync("throws"));
        Assert.Equal(JobStatus.Failed, broken.Status);
        Assert.Contains("Something failed on our side", broken.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret detail", broken.Result + broken.Message, StringComparison.Ordinal);
        Assert.Equal(JobStatus.Completed, (await FinishedAsync(await EnqueueAsync("works"))).Status);
    }

    [Fact]
    public async Task A_job_of_a_kind_nobody_handles_fails_and_says_so()
    {
        var job = await FinishedAsync(await EnqueueAsync("works", kind: "test.unheard_of"));
        Assert.Equal((JobStatus.Failed, "No handler is known for jobs of kind test.unheard_of."), (job.Status, job.Message));
    }

    [Fact]
    public async Task A_refusal_is_the_failed_job_s_result()
    {
        var job = await FinishedAsync(await EnqueueAsync("refuses"));
        Assert.Equal(JobStatus.Failed, job.Status);
        Assert.Equal("request.invalid", JsonDocument.Parse(job.Result!).RootElement.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_job_whose_worker_was_lost_is_taken_again_after_its_lease()
    {
        var id = await EnqueueAsync("works");
        await FinishedAsync(id);
        await LoseWorkerAsync(id);
        var again = await FinishedAsync(id);
        Assert.Equal((JobStatus.Completed, 2), (again.Status, again.Attempts));
    }

    [Fact]
    public async Task A_job_that_another_worker_holds_is_left_alone()
    {
        var id = await EnqueueAsync("works");
        await FinishedAsync(id);
        await ChangeAsync(id, job =>
        {
            job.Status = JobStatus.Running;
            job.LeaseUntil = new DateTimeOffset(2190, 1, 1, 0, 0, 0, TimeSpan.Zero);
        });
        await FinishedAsync(await EnqueueAsync("works"));
        Assert.Equal(1, (await FindAsync(id)).Attempts);
    }

    [Fact]
    public async Task A_job_that_loses_its_worker_each_time_is_given_up_after_three_attempts_and_its_file_goes()
    {
        var file = Path.Combine(server.Data.Uploads, "poison.csv");
        await File.WriteAllTextAsync(file, "x");
        var id = await EnqueueAsync("works", inputFile: file);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var done = await FinishedAsync(id);
            Assert.Equal((JobStatus.Completed, attempt), (done.Status, done.Attempts));
            await LoseWorkerAsync(id);
        }

        var job = await FinishedAsync(id);
        Assert.Equal(JobStatus.Failed, job.Status);
        Assert.Contains("begun 3 times and broken off each time", job.Message, StringComparison.Ordinal);
        Assert.Equal("job.given_up", JsonDocument.Parse(job.Result!).RootElement.GetProperty("error").GetProperty("code").GetString());
        Assert.False(File.Exists(file));
        Assert.Equal(JobStatus.Completed, (await FinishedAsync(await EnqueueAsync("works"))).Status);
    }

    [Fact]
    public async Task A_server_that_stops_in_order_does_not_count_as_an_attempt()
    {
        var worker = server.Services.GetServices<IHostedService>().OfType<JobWorker>().Single();
        var id = await EnqueueAsync("waits");
        while ((await FindAsync(id)).Status != JobStatus.Running)
        {
            await Task.Delay(10);
        }

        await worker.StopAsync(CancellationToken.None);
        var stopped = await FindAsync(id);
        Assert.Equal((JobStatus.Queued, 0, null), (stopped.Status, stopped.Attempts, stopped.LeaseUntil));

        await ChangeAsync(id, job => job.Input = Input("works").GetRawText());
        await worker.StartAsync(CancellationToken.None);
        var done = await FinishedAsync(id);
        Assert.Equal((JobStatus.Completed, 1), (done.Status, done.Attempts));
    }

    private static JsonElement Input(string behaviour) => JsonSerializer.SerializeToElement(new { behaviour });

    private Task LoseWorkerAsync(JobId id) => ChangeAsync(id, job =>
    {
        job.Status = JobStatus.Running;
        job.LeaseUntil = DateTimeOffset.UnixEpoch;
        job.FinishedAt = null;
    });

    private async Task<Job> FindAsync(JobId id)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<Job>().SingleAsync(candidate => candidate.Id == id);
    }

    private async Task<JobId> EnqueueAsync(string behaviour, string kind = ObedientJob.JobKind, string? inputFile = null)
    {
        await using var scope = server.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallerAccessor>().Caller = new Caller(null, "test", BuiltInRole.Admin, DataScope.All, []);
        var job = await scope.ServiceProvider.GetRequiredService<IJobQueue>().EnqueueAsync(kind, Input(behaviour), inputFile, CancellationToken.None);
        return new JobId(job.Id);
    }

    private async Task ChangeAsync(JobId id, Action<Job> change)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        change(await db.Set<Job>().SingleAsync(job => job.Id == id));
        await db.SaveChangesAsync();
    }

    private async Task<Job> FinishedAsync(JobId id)
    {
        for (var look = 0; look < 600; look++)
        {
            var job = await FindAsync(id);
            if (job.Status is not (JobStatus.Queued or JobStatus.Running))
            {
                return job;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException("The job is not over.");
    }
}

/// <summary>Does what its input says.</summary>
internal sealed class ObedientJob : IJobHandler
{
    public const string JobKind = "test.obedient";

    public string Kind => JobKind;

    public async Task<Outcome<JobResult>> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var behaviour = run.Input.GetProperty("behaviour").GetString();
        if (behaviour == "waits")
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        return behaviour switch
        {
            "throws" => throw new InvalidOperationException("secret detail"),
            "refuses" => KernelProblems.Invalid.For("file", "The file is empty."),
            _ => new JobResult("Done.", null),
        };
    }
}

public sealed class ObedientSqlite : SqliteServer
{
    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["Logging:LogLevel:Default"] = "None" };

    protected override void AdjustServices(IServiceCollection services) => services.AddScoped<IJobHandler, ObedientJob>();
}

public sealed class ObedientPostgres : PostgresServer
{
    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["Logging:LogLevel:Default"] = "None" };

    protected override void AdjustServices(IServiceCollection services) => services.AddScoped<IJobHandler, ObedientJob>();
}

public sealed class JobWorkerOnSqliteTests(ObedientSqlite server) : JobWorkerTests(server), IClassFixture<ObedientSqlite>;

public sealed class JobWorkerOnPostgresTests(ObedientPostgres server) : JobWorkerTests(server), IClassFixture<ObedientPostgres>;
