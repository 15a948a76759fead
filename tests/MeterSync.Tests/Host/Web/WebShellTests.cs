using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MeterSync.Tests.Contract;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace MeterSync.Tests.Host.Web;

/// <summary>What stands around every request, behind a real port.</summary>
public sealed class WebShellTests(LoggedServer server) : IClassFixture<LoggedServer>, IDisposable
{
    private readonly HttpClient http = Listening.ClientOf(server);

    public void Dispose() => http.Dispose();

    [Theory]
    [InlineData("/health")]
    [InlineData("/api/v1/users")]
    [InlineData("/api/v1/auth/login")]
    [InlineData("/no/such/path")]
    [InlineData("/health?x=%00")]
    [InlineData("/docs/index.html")]
    [InlineData("/redoc")]
    [InlineData("/openapi/v1.json")]
    public async Task Every_answer_carries_the_security_headers(string path)
    {
        using var answer = await http.GetAsync(path);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src 'self' 'unsafe-inline'", policy, StringComparison.Ordinal);
        Assert.Contains("base-uri 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("geolocation=(self)", answer.Headers.GetValues("Permissions-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("same-origin", answer.Headers.GetValues("Cross-Origin-Opener-Policy").Single());
        Assert.Equal("same-origin", answer.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
        Assert.False(answer.Headers.Contains("Server"));
        if (path.StartsWith("/api", StringComparison.Ordinal))
        {
            Assert.True(answer.Headers.CacheControl?.NoStore);
        }
    }

    [Fact]
    public async Task The_headers_also_stand_on_an_answer_to_a_broken_body()
    {
        using var answer = await http.PostAsync("/api/v1/auth/login", Desk.Raw("{"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True(answer.Headers.Contains("Content-Security-Policy"));
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Theory]
    [InlineData("/docs/index.html")]
    [InlineData("/redoc")]
    public async Task The_reference_pages_run_no_script_of_their_own_text(string path)
    {
        var page = await http.GetStringAsync(path);
        Assert.Matches("<script [^>]*src=", page);
        Assert.DoesNotMatch("<script(?![^>]*src=)[^>]*>", page);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_that_asks_for_an_icon_finds_no_error()
    {
        using var answer = await http.GetAsync("/favicon.ico");
        Assert.True(answer.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Answers_are_compressed_for_those_who_ask(string encoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(encoding));
        using var answer = await http.SendAsync(request);
        Assert.Equal([encoding], answer.Content.Headers.ContentEncoding);
        var packed = await answer.Content.ReadAsStreamAsync();
        await using Stream plain = encoding == "gzip" ? new GZipStream(packed, CompressionMode.Decompress) : new BrotliStream(packed, CompressionMode.Decompress);
        Assert.NotNull(await JsonNode.ParseAsync(plain));
    }

    [Fact]
    public async Task A_gzipped_body_is_read()
    {
        using var answer = await http.PostAsync("/api/v1/auth/login", Gzipped("""{"username":"admin","password":"admin123"}"""));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_gzip_bomb_is_refused_at_the_limit_of_the_unpacked_body()
    {
        var bomb = Gzipped("{\"username\":\"" + new string('x', 50_000_000) + "\"}");
        Assert.True((await bomb.ReadAsByteArrayAsync()).Length < Desk.OrdinaryLimitBytes);
        using var answer = await http.PostAsync("/api/v1/auth/login", bomb);
        Assert.Null(await Refusals.FaultOfAsync(answer, HttpStatusCode.RequestEntityTooLarge));
    }

    [Fact]
    public async Task A_body_that_only_says_it_is_gzip_is_refused()
    {
        var content = Desk.Raw("""{"username":"admin","password":"admin123"}""");
        content.Headers.ContentEncoding.Add("gzip");
        using var answer = await http.PostAsync("/api/v1/auth/login", content);
        Assert.Null(await Refusals.FaultOfAsync(answer, HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task An_unknown_content_encoding_is_refused()
    {
        var content = Desk.Raw("{}");
        content.Headers.ContentEncoding.Add("rot13");
        using var answer = await http.PostAsync("/api/v1/auth/login", content);
        Assert.Null(await Refusals.FaultOfAsync(answer, HttpStatusCode.UnsupportedMediaType));
    }

    [Fact]
    public async Task OPTIONS_says_which_methods_a_path_takes()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/v1/users");
        using var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["GET", "POST"], answer.Content.Headers.Allow.Order());
    }

    [Fact]
    public async Task The_log_finds_a_failure_by_the_trace_id_of_its_answer()
    {
        server.Record();
        using var answer = await http.PostAsync("/api/v1/auth/refresh", Desk.Raw("""{"refresh_token":"x"}"""));
        var trace = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["trace_id"]!;
        using var traced = new HttpRequestMessage(HttpMethod.Get, "/api/v1/auth/me");
        traced.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var second = await http.SendAsync(traced);
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", (string?)JsonNode.Parse(await second.Content.ReadAsStringAsync())!["trace_id"]);
        Assert.Matches("^[0-9a-f]{32}$", trace);
        Assert.Contains(server.Lines, line => line.Contains(trace, StringComparison.Ordinal));
    }

    private static ByteArrayContent Gzipped(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }
}

/// <summary>A server whose log the test reads, with the scopes a JSON line carries.</summary>
public sealed class LoggedServer : ListeningOnSqlite
{
    private readonly Recorder recorder = new();

    public IReadOnlyCollection<string> Lines => recorder.Lines;

    public void Record() => Services.GetRequiredService<ILoggerFactory>().AddProvider(recorder);

    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["Logging:LogLevel:Microsoft.AspNetCore.Routing"] = "Debug" };

    private sealed class Recorder : ILoggerProvider, ISupportExternalScope
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> lines = new();
        private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

        public IReadOnlyCollection<string> Lines => lines;

        public ILogger CreateLogger(string categoryName) => new Line(this);

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

        public void Dispose() => lines.Clear();

        private sealed class Line(Recorder recorder) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => recorder.scopes.Push(state);

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                var text = new StringBuilder(formatter(state, exception));
                recorder.scopes.ForEachScope((scope, line) => line.Append(" | ").Append(scope), text);
                recorder.lines.Enqueue(text.ToString());
            }
        }
    }
}
