using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using MeterSync.Tests.Contract;
using Xunit;

namespace MeterSync.Tests.Host.Web.Field;

/// <summary>The field app's files, behind a real port.</summary>
public sealed class FieldFilesTests(FieldServer server) : IClassFixture<FieldServer>, IDisposable
{
    private const string PackedScript = "/field/assets/app-1a2b3c.js";
    private readonly HttpClient http = Listening.ClientOf(server);

    public void Dispose() => http.Dispose();

    [Theory]
    [InlineData("/field/")]
    [InlineData("/field/index.html")]
    [InlineData("/field/route")]
    [InlineData("/field/route/018f0000/reading?from=list")]
    [InlineData("/field/queue/")]
    public async Task Pages_that_the_app_makes_itself_begin_with_its_start_page(string path)
    {
        using var answer = await http.GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, "text/html; charset=utf-8", "no-cache"), (answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), answer.Headers.CacheControl?.ToString()));
        Assert.False(answer.Headers.ETag!.IsWeak);
        Assert.Equal(FieldServer.Page, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/field", "/field/")]
    [InlineData("/field?utm=poster", "/field/?utm=poster")]
    [InlineData("/FIELD", "/field/")]
    [InlineData("/Field/route/7", "/field/route/7")]
    [InlineData("/FIELD//elsewhere.example.com", "/field//elsewhere.example.com")]
    public async Task An_address_outside_the_service_worker_s_scope_leads_into_it(string path, string target)
    {
        using var answer = await http.GetAsync(path);
        Assert.Equal((HttpStatusCode.Found, target), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Theory]
    [InlineData("assets/app-1a2b3c.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable")]
    [InlineData("assets/reader-7a8b9c.wasm", "application/wasm", "public, max-age=31536000, immutable")]
    [InlineData("assets/words-0d1e2f.woff2", "font/woff2", "public, max-age=31536000, immutable")]
    [InlineData("sw.js", "text/javascript; charset=utf-8", "no-cache")]
    [InlineData("manifest.webmanifest", "application/manifest+json", "no-cache")]
    [InlineData("icon.png", "image/png", "no-cache")]
    public async Task A_file_says_what_it_is_and_how_long_it_holds(string name, string type, string cache)
    {
        using var answer = await http.GetAsync("/field/" + name);
        Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType?.ToString()));
        Assert.Equal(cache.Split(", ").Order(), answer.Headers.CacheControl!.ToString().Split(", ").Order());
        Assert.NotNull(answer.Headers.ETag);
        Assert.Equal(name == "sw.js" ? ["/field/"] : null, answer.Headers.TryGetValues("Service-Worker-Allowed", out var scope) ? scope : null);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("br;q=0.2, gzip;q=0.9", "gzip")]
    [InlineData("br;q=0, *", "gzip")]
    [InlineData("deflate", null)]
    [InlineData("br;q=0", null)]
    [InlineData(null, null)]
    public async Task A_packed_neighbour_goes_to_those_who_unpack_it(string? accepted, string? encoding)
    {
        using var answer = await SendAsync(HttpMethod.Get, PackedScript, ("Accept-Encoding", accepted));
        Assert.Equal((HttpStatusCode.OK, "text/javascript"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal(encoding is null ? [] : [encoding], answer.Content.Headers.ContentEncoding);
        Assert.Equal(["Accept-Encoding"], answer.Headers.Vary);

        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(server.Folder, "assets", "app-1a2b3c.js" + (encoding switch { "br" => ".br", "gzip" => ".gz", _ => "" }))), bytes);
        await using Stream plain = encoding switch { "br" => new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress), "gzip" => new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress), _ => new MemoryStream(bytes) };
        Assert.Equal(FieldServer.Script, await new StreamReader(plain).ReadToEndAsync());
    }

    [Fact]
    public async Task Each_packing_has_a_tag_of_its_own()
    {
        var tags = new List<EntityTagHeaderValue?>();
        foreach (var accepted in new[] { null, "gzip", "br" })
        {
            using var answer = await SendAsync(HttpMethod.Get, PackedScript, ("Accept-Encoding", accepted));
            tags.Add(answer.Headers.ETag);
        }

        Assert.Equal(3, tags.Distinct().Count());
    }

    [Fact]
    public async Task A_file_without_packed_neighbours_is_not_packed_on_the_way()
    {
        using var answer = await SendAsync(HttpMethod.Get, "/field/assets/plain-4d5e6f.js", ("Accept-Encoding", "gzip, br"));
        Assert.Empty(answer.Content.Headers.ContentEncoding);
        Assert.Equal(FieldServer.Script.Length, answer.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("br")]
    [InlineData(null)]
    public async Task Who_has_the_file_already_is_told_so_in_few_bytes(string? accepted)
    {
        using var first = await SendAsync(HttpMethod.Get, PackedScript, ("Accept-Encoding", accepted));
        var tag = first.Headers.ETag!.ToString();
        using var again = await SendAsync(HttpMethod.Get, PackedScript, ("Accept-Encoding", accepted), ("If-None-Match", tag));
        Assert.Equal((HttpStatusCode.NotModified, tag), (again.StatusCode, again.Headers.ETag?.ToString()));
        Assert.Equal(["Accept-Encoding"], again.Headers.Vary);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync());
        using var other = await SendAsync(HttpMethod.Get, PackedScript, ("Accept-Encoding", accepted), ("If-None-Match", "\"another\""));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task A_new_build_has_a_new_tag_even_where_its_size_and_date_are_the_old_ones()
    {
        using var before = await http.GetAsync("/field/manifest.webmanifest");
        var file = Path.Combine(server.Folder, "manifest.webmanifest");
        var date = File.GetLastWriteTimeUtc(file);
        server.Write("manifest.webmanifest", "[]");
        using var after = await http.GetAsync("/field/manifest.webmanifest");
        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);

        File.SetLastWriteTimeUtc(file, date);
        await using var restarted = new FieldServer();
        await restarted.InitializeAsync();
        restarted.Write("manifest.webmanifest", "()");
        File.SetLastWriteTimeUtc(Path.Combine(restarted.Folder, "manifest.webmanifest"), date);
        using var elsewhere = Listening.ClientOf(restarted);
        using var third = await elsewhere.GetAsync("/field/manifest.webmanifest");
        Assert.Equal(3, new[] { before, after, third }.Select(answer => answer.Headers.ETag).Distinct().Count());
    }

    [Theory]
    [InlineData("/field/", null, 35)]
    [InlineData("/field/sw.js", null, 19)]
    [InlineData(PackedScript, "br", 0)]
    public async Task HEAD_tells_what_GET_would_bring(string path, string? accepted, long length)
    {
        using var head = await SendAsync(HttpMethod.Head, path, ("Accept-Encoding", accepted));
        using var get = await SendAsync(HttpMethod.Get, path, ("Accept-Encoding", accepted));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.True(length == 0 || head.Content.Headers.ContentLength == length);
        Assert.Equal((get.Headers.ETag, get.Content.Headers.ContentType, get.Content.Headers.ContentEncoding.SingleOrDefault()), (head.Headers.ETag, head.Content.Headers.ContentType, head.Content.Headers.ContentEncoding.SingleOrDefault()));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_part_of_a_file_can_be_asked_for()
    {
        using var part = await SendAsync(HttpMethod.Get, PackedScript, ("Range", "bytes=7-11"));
        Assert.Equal((HttpStatusCode.PartialContent, FieldServer.Script[7..12]), (part.StatusCode, await part.Content.ReadAsStringAsync()));
        using var beyond = await SendAsync(HttpMethod.Get, PackedScript, ("Range", "bytes=900000-"));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
    }

    [Theory]
    [InlineData("/field/nothing.js")]
    [InlineData("/field/route/nothing.png")]
    [InlineData("/field/assets/app-000000.js")]
    [InlineData("/field/assets/nothing")]
    [InlineData("/field/assets/")]
    [InlineData(PackedScript + ".br")]
    [InlineData(PackedScript + ".gz")]
    [InlineData("/field/.hidden.txt")]
    [InlineData("/field/Icon.png")]
    public async Task An_unknown_file_is_refused_and_no_page(string path)
    {
        using var answer = await http.GetAsync(path);
        Assert.Null(await Refusals.FaultOfAsync(answer, HttpStatusCode.NotFound));
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Null(answer.Headers.ETag);
    }

    [Theory]
    [InlineData("/field/../secret.txt")]
    [InlineData("/field/..%2fsecret.txt")]
    [InlineData("/field/..%2Fsecret")]
    [InlineData("/field/%2e%2e/secret.txt")]
    [InlineData("/field/%2e%2e%2fsecret.txt")]
    [InlineData("/field/%252e%252e%252fsecret.txt")]
    [InlineData("/field/..%5csecret.txt")]
    [InlineData("/field/assets/..%2f..%2fsecret.txt")]
    [InlineData("/field/assets/../../secret")]
    [InlineData("/field/assets//../..//secret.txt")]
    [InlineData("/field/.%00./secret.txt")]
    [InlineData("/field/secret.txt%00.js")]
    [InlineData("/field//etc/passwd")]
    [InlineData("/field/%2fetc%2fhostname")]
    public async Task Nothing_outside_the_folder_can_be_reached(string path)
    {
        var answer = await RawAsync($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        Assert.Matches("^HTTP/1.1 (404|400|200) ", answer);
        Assert.DoesNotContain(FieldServer.Outside, answer, StringComparison.Ordinal);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
        Assert.True(!answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal) || answer.EndsWith(FieldServer.Page, StringComparison.Ordinal), answer);
    }

    [Theory]
    [InlineData("/field/")]
    [InlineData("/field/sw.js")]
    [InlineData("/field/settings.json")]
    public async Task Only_reading_is_possible(string path)
    {
        using var answer = await http.PostAsync(path, Desk.Raw("{}"));
        Assert.Null(await Refusals.FaultOfAsync(answer, HttpStatusCode.MethodNotAllowed));
    }

    [Theory]
    [InlineData("/fields")]
    [InlineData("/fieldwork/")]
    [InlineData("/api/v1/field/")]
    public async Task Neighbouring_addresses_are_none_of_the_app_s(string path)
    {
        using var answer = await http.GetAsync(path);
        Assert.Null(await Refusals.FaultOfAsync(answer, HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task The_list_of_phones_is_still_the_api_s()
    {
        using var answer = await http.GetAsync("/api/v1/field-devices");
        Assert.Null(await Refusals.FaultOfAsync(answer, HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task The_api_document_does_not_tell_of_the_app()
    {
        var document = await http.GetStringAsync("/openapi/v1.json");
        Assert.Contains("/api/v1/field-devices", document, StringComparison.Ordinal);
        Assert.DoesNotContain("\"/field", document, StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers.Where(header => header.Value is not null))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await http.SendAsync(request);
    }

    /// <summary>Past HttpClient, which tidies addresses before it sends them.</summary>
    private async Task<string> RawAsync(string request)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, Listening.AddressOf(server).Port);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        return await new StreamReader(stream).ReadToEndAsync();
    }
}
