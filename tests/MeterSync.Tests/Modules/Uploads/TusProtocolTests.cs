using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MeterSync.Modules.Uploads.Domain;
using MeterSync.Store;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MeterSync.Tests.Modules.Uploads;

/// <summary>The rules of tus 1.0.0, one by one.</summary>
public abstract class TusProtocolTests(ServerFixture server)
{
    private protected abstract TakenFiles Taken { get; }

    private Task<TusCaller> CallerAsync(string username = "agent1") => TusCaller.SignInAsync(server, username);

    [Fact]
    public async Task OPTIONS_tells_version_extensions_size_and_checksums_to_everybody()
    {
        using var http = Contract.Listening.ClientOf(server);
        foreach (var path in new[] { "/uploads", "/api/v1/uploads", $"/uploads/{Guid.CreateVersion7()}" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Options, path);
            using var answer = await http.SendAsync(request);
            var told = await TusAnswer.ReadAsync(answer);
            Assert.Equal(HttpStatusCode.NoContent, told.Status);
            Assert.Equal("1.0.0", told.Header("Tus-Version"));
            Assert.Equal("creation,creation-with-upload,checksum,expiration,termination", told.Header("Tus-Extension"));
            Assert.Equal("10485760", told.Header("Tus-Max-Size")); // photos may have more than what Uploads:MostMegabytes gives the others
            Assert.Equal("sha1,sha256", told.Header("Tus-Checksum-Algorithm"));
        }
    }

    [Fact]
    public async Task A_file_goes_up_in_pieces_and_is_handed_over_byte_for_byte()
    {
        var caller = await CallerAsync();
        var bytes = TusCaller.RandomBytes(2_500_000);
        var hash = SHA256.HashData(bytes);
        var metadata = TusCaller.Metadata(("filename", "C:\\DCIM/meter 4.jpg"), ("filetype", "image/jpeg"), ("sha256", Convert.ToHexString(hash)));
        var begun = await caller.SendAsync("POST", "/uploads", headers: [("Upload-Length", "2500000"), ("Upload-Metadata", metadata)]);
        Assert.Equal(HttpStatusCode.Created, begun.Status);
        Assert.Equal("1.0.0", begun.Header("Tus-Resumable"));
        var url = begun.Header("Location")!;
        Assert.StartsWith("/uploads/", url, StringComparison.Ordinal);
        Assert.True(DateTimeOffset.ParseExact(begun.Header("Upload-Expires")!, "R", CultureInfo.InvariantCulture) > TimeProvider.System.GetUtcNow().AddHours(71));

        var head = await caller.HeadAsync(url);
        Assert.Equal((HttpStatusCode.OK, "0", "2500000", metadata, "no-store", "1.0.0"), (head.Status, head.Header("Upload-Offset"), head.Header("Upload-Length"), head.Header("Upload-Metadata"), head.Header("Cache-Control"), head.Header("Tus-Resumable")));
        Assert.Equal("", head.Text);

        var first = await caller.PatchAsync(url, 0, bytes[..1_000_001]);
        Assert.Equal((HttpStatusCode.NoContent, "1000001", "1.0.0"), (first.Status, first.Header("Upload-Offset"), first.Header("Tus-Resumable")));
        Assert.NotNull(first.Header("Upload-Expires"));
        Assert.Equal(1_000_001, await caller.OffsetAsync(url));
        var last = await caller.PatchAsync(url, 1_000_001, bytes[1_000_001..]);
        Assert.Equal((HttpStatusCode.NoContent, "2500000"), (last.Status, last.Header("Upload-Offset")));

        var (upload, taken) = Taken.Files[TusCaller.IdOf(url)];
        Assert.Equal(bytes, taken);
        Assert.Equal(hash, upload.Sha256);
        Assert.Equal(("meter 4.jpg", "image/jpeg", 2_500_000), (upload.FileName, upload.ContentType, upload.Length));
        Assert.Equal(2_500_000, await caller.OffsetAsync(url)); // for a phone that lost the last answer
        Assert.Equal(1, Taken.Offers[TusCaller.IdOf(url)]);
        Assert.False(File.Exists(PathOf(url)), "The partial file is left over.");
        var view = JsonNode.Parse((await caller.SendAsync("GET", url)).Text)!["data"]!;
        Assert.Equal(("finished", 2_500_000, "meter 4.jpg"), ((string)view["status"]!, (long)view["offset"]!, (string)view["file_name"]!));
    }

    [Fact]
    public async Task Location_keeps_the_name_the_client_came_by()
    {
        var caller = await CallerAsync();
        var begun = await caller.SendAsync("POST", "/api/v1/uploads", headers: [("Upload-Length", "3"), ("Upload-Metadata", TusCaller.Metadata())]);
        Assert.StartsWith("/api/v1/uploads/", begun.Header("Location"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await caller.PatchAsync(begun.Header("Location")!, 0, [1, 2, 3])).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0.2.2")]
    [InlineData("2.0.0")]
    [InlineData("1.0.0, 1.0.0")]
    public async Task Another_version_is_412_with_the_versions_there_are_and_changes_nothing(string? version)
    {
        var caller = await CallerAsync();
        var url = await caller.BeginAsync(4);
        foreach (var (method, path) in new[] { ("POST", "/uploads"), ("HEAD", url), ("PATCH", url), ("DELETE", url) })
        {
            var refused = await caller.SendAsync(method, path, method == "PATCH" ? [1, 2] : null, TusCaller.Bytes, version, ("Upload-Offset", "0"), ("Upload-Length", "4"), ("Upload-Metadata", TusCaller.Metadata()));
            Assert.Equal((HttpStatusCode.PreconditionFailed, "1.0.0", "1.0.0"), (refused.Status, refused.Header("Tus-Version"), refused.Header("Tus-Resumable")));
            Assert.True(method == "HEAD" || refused.Code == "upload.unsupported_version", refused.Text);
        }

        Assert.Equal(0, await caller.OffsetAsync(url));
    }

    [Theory]
    [InlineData("application/octet-stream")]
    [InlineData("application/json")]
    [InlineData("")]
    public async Task Bytes_of_another_content_type_are_415(string type)
    {
        var caller = await CallerAsync();
        var url = await caller.BeginAsync(4);
        var refused = await caller.SendAsync("PATCH", url, [1, 2], type.Length == 0 ? null : type, headers: [("Upload-Offset", "0")]);
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "request.unsupported_media_type", "1.0.0"), (refused.Status, refused.Code, refused.Header("Tus-Resumable")));
        Assert.Equal(0, await caller.OffsetAsync(url));
    }

    [Fact]
    public async Task Two_uploads_are_two_whatever_their_idempotency_key()
    {
        var caller = await CallerAsync();
        var (first, second) = (await BeginAsync("4"), await BeginAsync("5"));
        Assert.NotEqual(first.Header("Location"), second.Header("Location"));
        Assert.Equal("5", (await caller.HeadAsync(second.Header("Location")!)).Header("Upload-Length"));

        Task<TusAnswer> BeginAsync(string length) => caller.SendAsync("POST", "/uploads", headers: [("Upload-Length", length), ("Upload-Metadata", TusCaller.Metadata()), ("Idempotency-Key", "one-key")]);
    }

    [Fact]
    public async Task Packed_bytes_are_415()
    {
        var caller = await CallerAsync();
        var url = await caller.BeginAsync(4);
        var refused = await caller.SendAsync("PATCH", url, [1, 2], TusCaller.Bytes, headers: [("Upload-Offset", "0"), ("Content-Encoding", "gzip")]);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, refused.Status);
        Assert.Equal(0, await caller.OffsetAsync(url));
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("-1", HttpStatusCode.BadRequest)]
    [InlineData("+1", HttpStatusCode.BadRequest)]
    [InlineData("1.5", HttpStatusCode.BadRequest)]
    [InlineData("0x2", HttpStatusCode.BadRequest)]
    [InlineData("two", HttpStatusCode.BadRequest)]
    [InlineData("1", HttpStatusCode.Conflict)]
    [InlineData("3", HttpStatusCode.Conflict)]
    [InlineData("5", HttpStatusCode.Conflict)]
    [InlineData("9223372036854775807", HttpStatusCode.Conflict)]
    [InlineData("99999999999999999999999", HttpStatusCode.Conflict)]
    public async Task A_piece_that_does_not_begin_where_the_upload_stands_is_refused(string offset, HttpStatusCode status)
    {
        var caller = await CallerAsync();
        var url = await caller.BeginAsync(4);
        Assert.Equal(HttpStatusCode.NoContent, (await caller.PatchAsync(url, 0, [1, 2])).Status);
        var refused = await caller.SendAsync("PATCH", url, [9], TusCaller.Bytes, headers: offset.Length == 0 ? [] : [("Upload-Offset", offset)]);
        Assert.Equal((status, status == HttpStatusCode.Conflict ? "upload.offset_mismatch" : "request.invalid"), (refused.Status, refused.Code));
        Assert.Equal(2, await caller.OffsetAsync(url));
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("-5", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("1e6", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("8388609", HttpStatusCode.RequestEntityTooLarge, "upload.too_large")]
    [InlineData("9223372036854775807", HttpStatusCode.RequestEntityTooLarge, "upload.too_large")]
    [InlineData("9223372036854775808", HttpStatusCode.RequestEntityTooLarge, "upload.too_large")]
    [InlineData("99999999999999999999999999", HttpStatusCode.RequestEntityTooLarge, "upload.too_large")]
    public async Task A_length_that_cannot_be_is_refused(string length, HttpStatusCode status, string code)
    {
        var caller = await CallerAsync();
        var refused = await caller.SendAsync("POST", "/uploads", headers: [("Upload-Metadata", TusCaller.Metadata()), .. length.Length == 0 ? [] : new[] { ("Upload-Length", length) }]);
        Assert.Equal((status, code), (refused.Status, refused.Code));
        Assert.Null(refused.Header("Location"));
    }

    [Theory]
    [InlineData("Upload-Defer-Length", "1")]
    [InlineData("Upload-Concat", "partial")]
    public async Task What_is_not_offered_is_refused_in_words(string header, string value)
    {
        var caller = await CallerAsync();
        var refused = await caller.SendAsync("POST", "/uploads", headers: [("Upload-Length", "4"), ("Upload-Metadata", TusCaller.Metadata()), (header, value)]);
        Assert.Equal((HttpStatusCode.BadRequest, "request.invalid"), (refused.Status, refused.Code));
    }

    [Theory]
    [InlineData("filename ####")]
    [InlineData("filename YQ==,filename Yg==")]
    [InlineData("filename  YQ==")]
    [InlineData("filename YQ==,")]
    [InlineData(",")]
    [InlineData("filename /////w==")]
    [InlineData("filename YQBi")]
    [InlineData("sha256 YWJj")]
    [InlineData("photo_id YWJj")]
    [InlineData("filename YQ== YQ==")]
    public async Task Metadata_that_cannot_be_read_is_refused(string metadata)
    {
        var caller = await CallerAsync();
        var refused = await caller.SendAsync("POST", "/uploads", headers: [("Upload-Length", "4"), ("Upload-Metadata", metadata)]);
        Assert.Equal((HttpStatusCode.BadRequest, "request.invalid"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task Metadata_may_have_keys_without_values_and_values_nobody_here_reads()
    {
        var caller = await CallerAsync();
        var metadata = $"{TusCaller.Metadata()},is_confidential,raw {Convert.ToBase64String([0xFF, 0xFE, 0])}";
        Assert.Equal(metadata, (await caller.HeadAsync(await caller.BeginAsync(4, metadata))).Header("Upload-Metadata"));
    }

    [Fact]
    public async Task A_purpose_that_nobody_takes_and_a_file_its_taker_does_not_want_are_refused()
    {
        var caller = await CallerAsync();
        var unknown = await caller.SendAsync("POST", "/uploads", headers: [("Upload-Length", "4"), ("Upload-Metadata", $"purpose {Convert.ToBase64String("nobody"u8)}")]);
        Assert.Equal((HttpStatusCode.BadRequest, "upload.unknown_purpose"), (unknown.Status, unknown.Code));
        var unwanted = await caller.SendAsync("POST", "/uploads", headers: [("Upload-Length", "4"), ("Upload-Metadata", TusCaller.Metadata(("filename", "unwanted.jpg")))]);
        Assert.Equal((HttpStatusCode.BadRequest, "request.invalid"), (unwanted.Status, unwanted.Code));
    }

    [Fact]
    public async Task An_upload_may_begin_with_its_first_bytes()
    {
        var caller = await CallerAsync();
        var begun = await caller.SendAsync("POST", "/uploads", [1, 2, 3], TusCaller.Bytes, headers: [("Upload-Length", "5"), ("Upload-Metadata", TusCaller.Metadata())]);
        Assert.Equal((HttpStatusCode.Created, "3"), (begun.Status, begun.Header("Upload-Offset")));
        Assert.Equal("5", (await caller.PatchAsync(begun.Header("Location")!, 3, [4, 5])).Header("Upload-Offset"));
        Assert.Equal(new byte[] { 1, 2, 3, 4, 5 }, Taken.Files[TusCaller.IdOf(begun.Header("Location")!)].Bytes);

        var whole = await caller.SendAsync("POST", "/uploads", [7, 8], TusCaller.Bytes, headers: [("Upload-Length", "2"), ("Upload-Metadata", TusCaller.Metadata()), ("Upload-Checksum", $"sha1 {Convert.ToBase64String(SHA1.HashData([7, 8]))}")]);
        Assert.Equal((HttpStatusCode.Created, "2"), (whole.Status, whole.Header("Upload-Offset")));
        Assert.Equal(new byte[] { 7, 8 }, Taken.Files[TusCaller.IdOf(whole.Header("Location")!)].Bytes);
    }

    [Theory]
    [InlineData(TusCaller.Bytes, "3", "", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("text/plain", "9", "", HttpStatusCode.UnsupportedMediaType)]
    [InlineData(TusCaller.Bytes, "9", "sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA=", (HttpStatusCode)460)]
    public async Task A_beginning_that_fails_leaves_nothing_behind(string type, string length, string checksum, HttpStatusCode status)
    {
        var caller = await CallerAsync("agent2");
        var (rows, files) = (await RowsAsync(), FilesCount());
        var refused = await caller.SendAsync("POST", "/uploads", [1, 2, 3, 4], type, headers: [("Upload-Length", length), ("Upload-Metadata", TusCaller.Metadata()), .. checksum.Length == 0 ? [] : new[] { ("Upload-Checksum", checksum) }]);
        Assert.Equal(status, refused.Status);
        Assert.Null(refused.Header("Location"));
        Assert.Equal((rows, files), (await RowsAsync(), FilesCount()));
    }

    [Fact]
    public async Task An_empty_file_is_finished_when_it_begins()
    {
        var caller = await CallerAsync();
        var url = await caller.BeginAsync(0);
        Assert.Empty(Taken.Files[TusCaller.IdOf(url)].Bytes);
        Assert.Equal(0, await caller.OffsetAsync(url));
    }

    [Fact]
    public async Task Bytes_beyond_the_length_are_413_and_none_of_them_is_kept()
    {
        var caller = await CallerAsync();
        var url = await caller.BeginAsync(4);
        var told = await caller.PatchAsync(url, 0, [1, 2, 3, 4, 5]);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "upload.beyond_length"), (told.Status, told.Code));
        using var request = new HttpRequestMessage(HttpMethod.Patch, url) { Content = new StreamContent(new MemoryStream([1, 2, 3, 4, 5])) };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Offset", "0");
        request.Content.Headers.Add("Content-Type", TusCaller.Bytes);
        using var untold = await caller.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, untold.StatusCode);
        Assert.Equal(0, await caller.OffsetAsync(url));
        Assert.Equal("4", (await caller.PatchAsync(url, 0, [1, 2, 3, 4])).Header("Upload-Offset"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await caller.PatchAsync(url, 4, [5])).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await caller.PatchAsync(url, 4, [])).Status);
    }

    [Theory]
    [InlineData("sha1")]
    [InlineData("sha256")]
    public async Task A_piece_with_a_wrong_checksum_is_460_and_discarded_whole(string algorithm)
    {
        var caller = await CallerAsync();
        var bytes = TusCaller.RandomBytes(3_000_000);
        var url = await caller.BeginAsync(bytes.Length);
        Assert.Equal(HttpStatusCode.NoContent, (await caller.PatchAsync(url, 0, bytes[..1000], Checksum(algorithm, bytes[..1000]))).Status);
        var wrong = bytes[1000..];
        wrong[2_000_000] ^= 1;
        var refused = await caller.PatchAsync(url, 1000, wrong, Checksum(algorithm, bytes[1000..]));
        Assert.Equal(((HttpStatusCode)460, "upload.checksum_mismatch"), (refused.Status, refused.Code));
        Assert.Equal(1000, await caller.OffsetAsync(url));
        Assert.Equal(HttpStatusCode.NoContent, (await caller.PatchAsync(url, 1000, bytes[1000..], Checksum(algorithm, bytes[1000..]))).Status);
        Assert.Equal(bytes, Taken.Files[TusCaller.IdOf(url)].Bytes);
        Assert.Equal(SHA256.HashData(bytes), Taken.Files[TusCaller.IdOf(url)].Upload.Sha256);
    }

    [Theory]
    [InlineData("md5 AAAAAAAAAAAAAAAAAAAAAA==", "upload.checksum_unsupported")]
    [InlineData("SHA1 AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "upload.checksum_unsupported")]
    [InlineData("sha1", "request.invalid")]
    [InlineData("sha1 ####", "request.invalid")]
    [InlineData("sha1 AAAA", "request.invalid")]
    [InlineData("sha256 AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "request.invalid")]
    public async Task A_checksum_the_server_cannot_compare_is_400(string checksum, string code)
    {
        var caller = await CallerAsync();
        var url = await caller.BeginAsync(2);
        var refused = await caller.PatchAsync(url, 0, [1, 2], checksum);
        Assert.Equal((HttpStatusCode.BadRequest, code), (refused.Status, refused.Code));
        Assert.Equal(0, await caller.OffsetAsync(url));
    }

    [Fact]
    public async Task A_method_may_come_in_a_header()
    {
        var caller = await CallerAsync();
        var url = await caller.BeginAsync(4);
        var patched = await caller.SendAsync("POST", url, [1, 2], TusCaller.Bytes, headers: [("Upload-Offset", "0"), ("X-HTTP-Method-Override", "PATCH")]);
        Assert.Equal((HttpStatusCode.NoContent, "2"), (patched.Status, patched.Header("Upload-Offset")));
        var head = await caller.SendAsync("POST", url, headers: [("X-HTTP-Method-Override", "HEAD")]);
        Assert.Equal((HttpStatusCode.OK, "2", ""), (head.Status, head.Header("Upload-Offset"), head.Text));
        Assert.Equal(HttpStatusCode.NoContent, (await caller.SendAsync("POST", url, headers: [("X-HTTP-Method-Override", "delete")])).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await caller.HeadAsync(url)).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await caller.SendAsync("POST", "/api/v1/auth/me", headers: [("X-HTTP-Method-Override", "GET")])).Status);
    }

    [Fact]
    public async Task Who_may_not_send_files_is_403_and_nobody_is_401_with_the_version()
    {
        var viewer = await CallerAsync("viewer");
        var forbidden = await viewer.SendAsync("POST", "/uploads", headers: [("Upload-Length", "4"), ("Upload-Metadata", TusCaller.Metadata())]);
        Assert.Equal((HttpStatusCode.Forbidden, "auth.forbidden", "1.0.0"), (forbidden.Status, forbidden.Code, forbidden.Header("Tus-Resumable")));
        var nobody = new TusCaller(Contract.Listening.ClientOf(server), "");
        var unknown = await nobody.SendAsync("POST", "/uploads", headers: [("Upload-Length", "4")]);
        Assert.Equal((HttpStatusCode.Unauthorized, "auth.required", "1.0.0"), (unknown.Status, unknown.Code, unknown.Header("Tus-Resumable")));
    }

    [Fact]
    public async Task A_page_of_another_origin_may_send_and_read_what_tus_needs()
    {
        using var http = Contract.Listening.ClientOf(server);
        using var asked = new HttpRequestMessage(HttpMethod.Options, $"/uploads/{Guid.CreateVersion7()}");
        asked.Headers.Add("Origin", "https://field.example.com");
        asked.Headers.Add("Access-Control-Request-Method", "PATCH");
        asked.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,tus-resumable,upload-offset,upload-checksum");
        using var granted = await http.SendAsync(asked);
        Assert.Contains("PATCH", granted.Headers.GetValues("Access-Control-Allow-Methods").Single(), StringComparison.Ordinal);
        Assert.Contains("upload-offset", granted.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);

        var caller = await CallerAsync();
        var url = await caller.BeginAsync(4);
        var head = await caller.SendAsync("HEAD", url, headers: [("Origin", "https://field.example.com")]);
        var readable = head.Header("Access-Control-Expose-Headers")!.Split(',');
        Assert.All(new[] { "Upload-Offset", "Upload-Length", "Upload-Metadata", "Upload-Expires", "Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size", "Tus-Checksum-Algorithm", "Location" }, name => Assert.Contains(name, readable));
    }

    private static string Checksum(string algorithm, byte[] bytes) => $"{algorithm} {Convert.ToBase64String(algorithm == "sha1" ? SHA1.HashData(bytes) : SHA256.HashData(bytes))}";

    private string PathOf(string url) => Path.Combine(server.Data.Uploads, "tus", TusCaller.IdOf(url).Value.ToString("n"));

    private int FilesCount() => Directory.Exists(Path.Combine(server.Data.Uploads, "tus")) ? Directory.EnumerateFiles(Path.Combine(server.Data.Uploads, "tus")).Count() : 0;

    private async Task<int> RowsAsync()
    {
        await using var scope = server.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<Upload>().CountAsync();
    }
}

public sealed class TusProtocolOnSqliteTests(UploadsOnSqlite server) : TusProtocolTests(server), IClassFixture<UploadsOnSqlite>
{
    private protected override TakenFiles Taken => server.Taken;
}

public sealed class TusProtocolOnPostgresTests(UploadsOnPostgres server) : TusProtocolTests(server), IClassFixture<UploadsOnPostgres>
{
    private protected override TakenFiles Taken => server.Taken;
}
