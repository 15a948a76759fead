using System.Collections.Concurrent;
using System.Net;
using System.Text;
using MeterSync.Tests.Host.Verbs;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Host.Telemetry;

/// <summary>Through the real program, because it must not even load what it does not use.</summary>
public sealed class OtlpExportTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Installation installation = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => installation.DisposeAsync();

    [Fact]
    public async Task A_trace_with_its_route_and_the_metrics_arrive_and_secrets_stay()
    {
        using var collector = new Collector();
        installation.Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url;
        installation.Variables["METERSYNC__Telemetry__OtlpProtocol"] = "http/protobuf";
        installation.Variables["METERSYNC__Telemetry__OtlpHeaders"] = "x-key=collector-key";
        installation.Variables["METERSYNC__Telemetry__MetricSeconds"] = "1";
        await using var server = await installation.ServeAsync();
        var client = await server.SignInAsAdministratorAsync();
        await client.GetAsync("/api/v1/meters?search=very-secret-query");
        var exported = await client.PostAsync("/api/v1/export/csv", new { type = "meters" });
        Assert.True(exported.Status == HttpStatusCode.Accepted, exported.Body.ToJsonString());

        await collector.WaitForAsync("/v1/traces", "GET /api/v1/meters", Patience);
        await collector.WaitForAsync("/v1/traces", "job export", Patience);
        await collector.WaitForAsync("/v1/metrics", "http.server.request.duration", Patience);
        await collector.WaitForAsync("/v1/metrics", "metersync.build_info", Patience);
        Assert.All(collector.Posts, post => Assert.Equal(("application/x-protobuf", "collector-key"), (post.Type, post.Key)));
        var all = string.Concat(collector.Posts.Select(post => post.Text));
        Assert.Contains("service.name", all, StringComparison.Ordinal);
        Assert.Contains("metersync", all, StringComparison.Ordinal);
        foreach (var secret in (string[])["very-secret-query", server.PrintedPassword(), client.Http.DefaultRequestHeaders.Authorization!.Parameter!, "collector-key", installation.Data])
        {
            Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
        }

        Assert.Equal(0, await server.TerminateAsync());
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task A_collector_that_is_not_there_harms_nothing(string protocol)
    {
        installation.Variables["METERSYNC__Telemetry__OtlpEndpoint"] = $"http://127.0.0.1:{Installation.FreePort()}";
        installation.Variables["METERSYNC__Telemetry__OtlpProtocol"] = protocol;
        installation.Variables["METERSYNC__Telemetry__MetricSeconds"] = "1";
        await using var server = await installation.ServeAsync();
        var client = await server.SignInAsAdministratorAsync();
        for (var count = 0; count < 20; count++)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/meters")).Status);
        }

        Assert.Equal(0, await server.TerminateAsync());
        Assert.DoesNotContain("\"Error\"", server.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_is_sent_nothing_of_it_is_loaded()
    {
        await using var server = await installation.ServeAsync();
        Assert.DoesNotContain("OpenTelemetry", await File.ReadAllTextAsync($"/proc/{server.ProcessId}/maps"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Telemetry:OtlpEndpoint=collector:4317", "Telemetry:OtlpEndpoint")]
    [InlineData("Telemetry:OtlpProtocol=udp", "Telemetry:OtlpProtocol")]
    [InlineData("Telemetry:SampleRatio=2", "Telemetry:SampleRatio")]
    [InlineData("Telemetry:OtlpHeaders=nonsense", "Telemetry:OtlpHeaders")]
    public async Task A_setting_that_cannot_work_is_refused(string setting, string named)
    {
        var end = await installation.RunAsync("serve", "--urls", $"http://127.0.0.1:{Installation.FreePort()}", "--set", setting);
        Assert.True(end.ExitCode == 2, end.All);
        Assert.Contains(named, end.Error, StringComparison.Ordinal);
    }

    /// <summary>Takes what is posted, as a collector of the outside world would.</summary>
    private sealed class Collector : IDisposable
    {
        private readonly HttpListener listener = new();

        public Collector()
        {
            Url = $"http://127.0.0.1:{Installation.FreePort()}";
            listener.Prefixes.Add(Url + "/");
            listener.Start();
            _ = TakeAsync();
        }

        public string Url { get; }

        public ConcurrentQueue<Post> Posts { get; } = new();

        public async Task WaitForAsync(string path, string text, TimeSpan patience)
        {
            using var limit = new CancellationTokenSource(patience);
            while (!Posts.Any(post => post.Path == path && post.Text.Contains(text, StringComparison.Ordinal)))
            {
                Assert.False(limit.IsCancellationRequested, $"Nothing with {text} came to {path}; {Posts.Count} posts to {string.Join(' ', Posts.Select(post => post.Path).Distinct())}.");
                await Task.Delay(100);
            }
        }

        public void Dispose() => listener.Close();

        private async Task TakeAsync()
        {
            while (listener.IsListening)
            {
                HttpListenerContext context;
                try
                {
                    context = await listener.GetContextAsync();
                }
                catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }

                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                // The names in a protobuf message stand there as they are.
                Posts.Enqueue(new Post(context.Request.Url!.AbsolutePath, context.Request.ContentType, context.Request.Headers["x-key"], Encoding.Latin1.GetString(body.ToArray())));
                context.Response.StatusCode = 200;
                context.Response.Close();
            }
        }
    }

    private sealed record Post(string Path, string? Type, string? Key, string Text);
}
