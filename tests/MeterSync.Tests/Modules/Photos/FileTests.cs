using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using MeterSync.Modules.Photos.Upkeep;
using MeterSync.Store;
using MeterSync.Store.Blobs;
using MeterSync.Tests.Host.Web;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Modules.Workforce;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Photos;

public abstract class FileTests(ServerFixture server, TestClock clock)
{
    [Theory]
    [InlineData("pdf", "application/pdf")]
    [InlineData("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")]
    [InlineData("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
    [InlineData("csv", "text/csv")]
    [InlineData("txt", "text/plain")]
    public async Task A_document_is_kept_as_what_it_is_and_comes_back(string kind, string contentType)
    {
        var manager = await server.SignInAsync("manager");
        var bytes = Document(kind);
        var made = await manager.PostAsync("/api/v1/files/upload/document", PhotoTests.Form(bytes, kind == "csv" ? "../list.csv" : "x.exe"));
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.EndsWith("." + kind, (string?)made.Data["filename"], StringComparison.Ordinal);
        using var answer = await manager.Http.GetAsync((string)made.Data["file_url"]!);
        Assert.Equal((contentType, "attachment"), (answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentDisposition?.DispositionType));
        Assert.Equal(bytes, await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task What_is_no_document_is_refused_whatever_its_name()
    {
        var manager = await server.SignInAsync("manager");
        byte[] program = [(byte)'M', (byte)'Z', 0x90, 0, .. new byte[200]];
        foreach (var bytes in new[] { program, TestPictures.Jpeg(1), Archive("hidden.exe"), Archive("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), [(byte)'P', (byte)'K', 3, 4, 1, 2, 3] })
        {
            (await manager.PostAsync("/api/v1/files/upload/document", PhotoTests.Form(bytes, "report.pdf"))).Refused(HttpStatusCode.UnsupportedMediaType, "file.type_not_accepted");
        }

        (await manager.PostAsync("/api/v1/files/upload/document", PhotoTests.Form(Encoding.UTF8.GetBytes(new string('a', 50_001)), "long.txt"))).Refused(HttpStatusCode.RequestEntityTooLarge, "request.too_large");
        (await manager.PostAsync("/api/v1/files/upload/document", new MultipartFormDataContent { { new StringContent("x"), "note" } })).Refused(HttpStatusCode.BadRequest, "file.missing");
        (await manager.PostAsync("/api/v1/files/upload/document", "{}")).Refused(HttpStatusCode.UnsupportedMediaType, "request.unsupported_media_type");
        var agent = (await server.MakeAgentAsync(await server.SignInAsync("admin"))).Client;
        (await agent.PostAsync("/api/v1/files/upload/document", PhotoTests.Form(Document("txt"), "a.txt"))).Refused(HttpStatusCode.Forbidden, "auth.forbidden");
    }

    [Fact]
    public async Task Shared_bytes_go_with_their_last_file()
    {
        var admin = await server.SignInAsync("admin");
        var (agent, _) = await server.MakeAgentAsync(admin);
        var bytes = TestPictures.Jpeg(2);
        var one = (await agent.PostAsync("/api/v1/files/upload/photo", PhotoTests.Form(bytes, "a.jpg"))).Data;
        var two = (await admin.PostAsync("/api/v1/files/upload/photo", PhotoTests.Form(bytes, "b.jpg"))).Data;
        Assert.NotEqual((string?)one["filename"], (string?)two["filename"]);
        (await agent.GetAsync((string)two["file_url"]!)).Refused(HttpStatusCode.NotFound, "file.not_found");
        (await agent.DeleteAsync((string)two["file_url"]!)).Refused(HttpStatusCode.NotFound, "file.not_found");
        Assert.Equal(HttpStatusCode.OK, (await agent.DeleteAsync((string)one["file_url"]!)).Status);
        Assert.Equal(bytes, await admin.Http.GetByteArrayAsync((string)two["file_url"]!));
        Assert.Equal(HttpStatusCode.OK, (await admin.DeleteAsync((string)two["file_url"]!)).Status);
        (await admin.GetAsync((string)two["file_url"]!)).Refused(HttpStatusCode.NotFound, "file.not_found");
        Assert.Equal(0, await BlobBooks.UsesAsync(server, bytes));

        // Somebody may be about to use what was put there lately: bytes go with the first pass after a day.
        await SweepsAfterADayAsync(bytes);
    }

    [Fact]
    public async Task Bytes_that_were_put_again_while_the_sweep_looked_stay()
    {
        var bytes = TestPictures.Jpeg(7);
        using var received = await server.Services.GetRequiredService<BlobIntake>().ReceiveAsync(new MemoryStream(bytes), bytes.Length, CancellationToken.None);
        await server.Services.GetRequiredService<IBlobStore>().PutAsync(received!, CancellationToken.None);
        await SweepsAfterADayAsync(bytes);
    }

    /// <summary>And not before, though the sweep saw them long ago.</summary>
    private async Task SweepsAfterADayAsync(byte[] bytes)
    {
        var hash = BlobHash.Of(SHA256.HashData(bytes));
        var put = (await server.Services.GetRequiredService<IBlobStore>().PutAtAsync(hash, CancellationToken.None))!.Value;
        Assert.False(await SweepAsync(put.AddSeconds(-1)));
        Assert.True(await BlobBooks.IsStoredAsync(server, bytes));
        Assert.True(await SweepAsync(put.AddSeconds(1)));
        Assert.False(await BlobBooks.IsStoredAsync(server, bytes));

        async Task<bool> SweepAsync(DateTimeOffset due)
        {
            await using var scope = server.Services.CreateAsyncScope();
            var ledger = scope.ServiceProvider.GetRequiredService<BlobLedger>();
            var listed = new StoredBlob(hash, bytes.Length, put.AddDays(-30));
            return (await scope.ServiceProvider.GetRequiredService<WriteTransactions>().RunAsync<bool>(async token => await ledger.SweepAsync(listed, due, token), CancellationToken.None)).Value;
        }
    }

    [Fact]
    public async Task Bytes_that_belong_to_nothing_go_after_a_day_and_others_stay()
    {
        var admin = await server.SignInAsync("admin");
        var (kept, orphan) = (TestPictures.Jpeg(3), TestPictures.Jpeg(4));
        await PhotoScene.SendAsync(admin, kept);
        using (var received = await server.Services.GetRequiredService<BlobIntake>().ReceiveAsync(new MemoryStream(orphan), orphan.Length, CancellationToken.None))
        {
            await server.Services.GetRequiredService<IBlobStore>().PutAsync(received!, CancellationToken.None);
        }

        var unsent = (await PhotoScene.AnnounceAsync(admin, TestPictures.Jpeg(5))).Data;
        var upkeep = server.Services.GetRequiredService<PhotoUpkeep>();
        Assert.Equal(0, (await upkeep.PassAsync(isThorough: true, CancellationToken.None)).Swept.Blobs);
        clock.Advance(TimeSpan.FromDays(8));
        var counts = await upkeep.PassAsync(isThorough: true, CancellationToken.None);
        Assert.True(counts.Swept.Blobs >= 1 && counts.Forgotten >= 1, counts.ToString());
        Assert.Equal((true, false), (await BlobBooks.IsStoredAsync(server, kept), await BlobBooks.IsStoredAsync(server, orphan)));
        (await (await server.SignInAsync("admin")).GetAsync($"/api/v1/photos/{unsent["photo_id"]}")).Refused(HttpStatusCode.NotFound, "photo.not_found");
    }

    [Fact]
    public async Task Many_take_and_give_up_the_same_bytes_at_once_and_the_count_holds()
    {
        var admin = await server.SignInAsync("admin");
        var bytes = TestPictures.Jpeg(6);
        var stays = (await admin.PostAsync("/api/v1/files/upload/photo", PhotoTests.Form(bytes, "stays.jpg"))).Data;
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            var made = await admin.PostAsync("/api/v1/files/upload/photo", PhotoTests.Form(bytes, "goes.jpg"));
            Assert.Equal(HttpStatusCode.Created, made.Status);
            Assert.Equal(HttpStatusCode.OK, (await admin.DeleteAsync((string)made.Data["file_url"]!)).Status);
        }));
        Assert.Equal(1, await BlobBooks.UsesAsync(server, bytes));
        Assert.Equal(bytes, await admin.Http.GetByteArrayAsync((string)stays["file_url"]!));
    }

    private static byte[] Document(string kind) => kind switch
    {
        "pdf" => Encoding.ASCII.GetBytes("%PDF-1.7\n" + Guid.CreateVersion7()),
        "docx" => Archive("[Content_Types].xml", "word/document.xml"),
        "xlsx" => Archive("[Content_Types].xml", "xl/workbook.xml"),
        "csv" => Encoding.UTF8.GetBytes("meter,value\nW-1;Ü,5\n"),
        _ => Encoding.UTF8.GetBytes("Gate code: ask at No. 4. " + Guid.CreateVersion7()),
    };

    private static byte[] Archive(params string[] entries)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in entries)
            {
                using var content = archive.CreateEntry(entry).Open();
                content.Write("<x/>"u8);
            }
        }

        return file.ToArray();
    }
}

public sealed class FileOnSqliteTests(PhotosOnSqlite server) : FileTests(server, server.Clock), IClassFixture<PhotosOnSqlite>;

public sealed class FileOnPostgresTests(PhotosOnPostgres server) : FileTests(server, server.Clock), IClassFixture<PhotosOnPostgres>;

public sealed class FileInS3Tests(PhotosInS3 server) : FileTests(server, server.Clock), IClassFixture<PhotosInS3>;
