using System.Net;
using System.Net.Http.Headers;
using MeterSync.Kernel;
using MeterSync.Modules.Reports.CleanUp;
using MeterSync.Store;
using MeterSync.Store.Jobs;
using MeterSync.Tests.Modules.Billing;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static MeterSync.Tests.Modules.Billing.BillingScene;

namespace MeterSync.Tests.Modules.Reports;

public abstract class DownloadExportTests(ServerFixture server)
{
    private readonly BillingScene scene = new(server);

    [Fact]
    public async Task Offers_the_file_by_name_and_resumes_by_byte()
    {
        await scene.AddMeterAsync("A");
        var client = await server.SignInAsync("manager");
        var export = await Exports.RunAsync(client, new { type = "meters", location_id = scene.Location });
        var url = (string)export["download_url"]!;
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.AcceptEncoding.ParseAdd("gzip, br");
        using var whole = await client.Http.SendAsync(request);
        var bytes = await whole.Content.ReadAsByteArrayAsync();
        Assert.Equal((HttpStatusCode.OK, "text/csv", "attachment"), (whole.StatusCode, whole.Content.Headers.ContentType!.MediaType, whole.Content.Headers.ContentDisposition!.DispositionType));
        Assert.Equal((string?)export["file_name"], whole.Content.Headers.ContentDisposition.FileName);
        Assert.Matches("^meters-[0-9]{8}-[0-9]{6}\\.csv$", (string?)export["file_name"]);
        Assert.Empty(whole.Content.Headers.ContentEncoding);
        Assert.False(whole.Headers.ETag!.IsWeak);

        using var rest = await RangeAsync(client, url, 10, whole.Headers.ETag);
        Assert.Equal((HttpStatusCode.PartialContent, bytes.Length), (rest.StatusCode, (int)rest.Content.Headers.ContentRange!.Length!));
        Assert.Equal(bytes[10..], await rest.Content.ReadAsByteArrayAsync());
        using var otherFile = await RangeAsync(client, url, 10, new EntityTagHeaderValue("\"another\""));
        Assert.Equal(HttpStatusCode.OK, otherFile.StatusCode);
        using var beyond = await RangeAsync(client, url, bytes.Length, whole.Headers.ETag);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
    }

    [Theory]
    [InlineData(JobStatus.Running, HttpStatusCode.Conflict, "export.not_ready")]
    [InlineData(JobStatus.Failed, HttpStatusCode.Conflict, "export.failed")]
    [InlineData(JobStatus.Cancelled, HttpStatusCode.Conflict, "export.failed")]
    [InlineData(JobStatus.Completed, HttpStatusCode.Gone, "export.gone")]
    internal async Task Offers_no_file_that_is_not_whole(JobStatus status, HttpStatusCode expected, string code)
    {
        await scene.AddMeterAsync("A");
        var client = await server.SignInAsync("manager");
        await Exports.RunAsync(client, new { type = "meters", location_id = scene.Location }); // the worker is past its start, at which it takes every running job for a lost one
        var id = scene.Id<JobId>();
        var now = server.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        await scene.SaveAsync(db => db.Add(new Job { Id = id, Kind = "exports.csv", Status = status, Message = "Disk full.", CreatedByName = "someone", CreatedByRole = "manager", CreatedAt = now, StartedAt = now, FinishedAt = status == JobStatus.Running ? null : now, LeaseUntil = now.AddHours(1), OutputName = "x.csv", OutputContentType = "text/csv", Attempts = 1 }));
        await File.WriteAllTextAsync(JobQueue.OutputPath(server.Data, id) + ".part", "half a fi");
        var answer = await client.GetAsync($"/api/v1/export/download/{id.Value}");
        Assert.Equal((expected, code), (answer.Status, answer.Code));
        File.Delete(JobQueue.OutputPath(server.Data, id) + ".part");
        await scene.SaveAsync(db => db.Remove(new Job { Id = id }));
    }

    [Fact]
    public async Task A_file_kept_for_its_days_is_deleted_and_said_to_be_expired()
    {
        await scene.AddMeterAsync("A");
        var client = await server.SignInAsync("manager");
        var old = (string)(await Exports.RunAsync(client, new { type = "meters", location_id = scene.Location }))["id"]!;
        var young = (string)(await Exports.RunAsync(client, new { type = "meters", location_id = scene.Location }))["id"]!;
        await AgeAsync(old, TimeSpan.FromDays(7.1));
        await AgeAsync(young, TimeSpan.FromDays(6.9));
        Assert.Equal(("expired", null), await StatusAsync(old));
        Assert.Equal("export.gone", (await client.GetAsync($"/api/v1/export/download/{old}")).Code);

        await server.Services.GetRequiredService<ExportCleanUp>().SweepAsync(CancellationToken.None);
        Assert.False(File.Exists(PathOf(old)));
        Assert.True(File.Exists(PathOf(young)));
        Assert.Equal(("expired", null), await StatusAsync(old));
        Assert.Equal(("completed", $"/api/v1/export/download/{young}"), await StatusAsync(young));
        var gone = await client.GetAsync($"/api/v1/export/download/{old}");
        Assert.Equal((HttpStatusCode.Gone, "export.gone"), (gone.Status, gone.Code));

        async Task<(string?, string?)> StatusAsync(string id)
        {
            var export = (await client.GetAsync($"/api/v1/export/status/{id}")).Data;
            return ((string?)export["status"], (string?)export["download_url"]);
        }
    }

    [Fact]
    public async Task Viewers_see_their_own_exports_and_managers_all()
    {
        await scene.AddMeterAsync("A");
        var manager = await server.SignInAsync("manager");
        var viewer = await server.SignInAsync("viewer");
        var request = new { type = "meters", location_id = scene.Location };
        var managers = (string)(await Exports.RunAsync(manager, request))["id"]!;
        var viewers = (string)(await Exports.RunAsync(viewer, request))["id"]!;

        var seenByViewer = await ItemsAsync(viewer, "/api/v1/export/history?limit=100");
        Assert.Contains(seenByViewer, export => (string?)export!["id"] == viewers);
        Assert.All(seenByViewer, export => Assert.Equal("Demo viewer", (string?)export!["created_by"]));
        var seenByManager = (await ItemsAsync(manager, "/api/v1/export/history?limit=100")).Select(export => (string)export!["id"]!).ToList();
        Assert.True(seenByManager.IndexOf(viewers) < seenByManager.IndexOf(managers) && seenByManager.Contains(viewers));

        foreach (var path in new[] { "status", "download" })
        {
            var hidden = await viewer.GetAsync($"/api/v1/export/{path}/{managers}");
            Assert.Equal((HttpStatusCode.NotFound, "export.not_found"), (hidden.Status, hidden.Code));
        }

        Assert.Equal(HttpStatusCode.OK, (await manager.Http.GetAsync($"/api/v1/export/download/{viewers}")).StatusCode);
    }

    private static Task<HttpResponseMessage> RangeAsync(ApiClient client, string url, int from, EntityTagHeaderValue tag)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Range = new RangeHeaderValue(from, null);
        request.Headers.IfRange = new RangeConditionHeaderValue(tag);
        return client.Http.SendAsync(request);
    }

    private string PathOf(string id) => JobQueue.OutputPath(server.Data, new JobId(Guid.Parse(id)));

    private async Task AgeAsync(string id, TimeSpan age)
    {
        var jobId = new JobId(Guid.Parse(id));
        var finished = (server.Services.GetRequiredService<TimeProvider>().GetUtcNow() - age).ToStored();
        await scene.AskAsync(db => db.Set<Job>().Where(job => job.Id == jobId).ExecuteUpdateAsync(set => set.SetProperty(job => job.FinishedAt, finished)));
    }
}

public sealed class DownloadExportOnSqliteTests(SqliteServer server) : DownloadExportTests(server), IClassFixture<SqliteServer>;

public sealed class DownloadExportOnPostgresTests(PostgresServer server) : DownloadExportTests(server), IClassFixture<PostgresServer>;
