using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Tests.Kernel.Tabular.Workbooks;
using MeterSync.Tests.Modules.Accounts;
using MeterSync.Tests.Modules.Billing;
using MeterSync.Tests.Store.Vision;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static MeterSync.Tests.Modules.Billing.BillingScene;
using TestPictures = MeterSync.Tests.Store.Vision.TestPictures;

namespace MeterSync.Tests.Modules.Reports;

/// <summary>Photos of readings, held in memory: where they are kept is another matter.</summary>
internal sealed class HeldPictures : IReadingPictures
{
    public Dictionary<ReadingId, ReadingPicture> Pictures { get; } = [];

    public async IAsyncEnumerable<ReadingPicture> FindAsync(IReadOnlyCollection<ReadingId> readings, bool withThumbnails, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var reading in readings)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            if (Pictures.TryGetValue(reading, out var picture))
            {
                yield return withThumbnails ? picture : picture with { Thumbnail = null };
            }
        }
    }
}

public abstract class ExportPhotosTests(ServerFixture server)
{
    private static readonly byte[] Jpeg = TestPictures.ToJpeg(TestPictures.Quarters(80, 60));
    private readonly BillingScene scene = new(server);

    private HeldPictures Held => server.Services.GetServices<IReadingPictures>().OfType<HeldPictures>().Single();

    [Fact]
    public async Task A_workbook_shows_the_first_photo_of_each_reading_once()
    {
        var register = await scene.AddMeterAsync("A", secondRegister: true);
        var with = await scene.AddValueAsync(register, Day(2, 28), 1000);
        var second = await scene.AskAsync(db => db.Set<Register>().SingleAsync(other => other.MeterId == register.MeterId && other.Ordinal == 2));
        await scene.SaveAsync(db => db.Add(new ReadingValue { Id = scene.Id<ReadingValueId>(), ReadingId = with.ReadingId, MeterId = with.MeterId, RegisterId = second.Id, ReadingAt = with.ReadingAt, Value = 7, State = ReadingState.Accepted, Quality = Quality.Valid }));
        var coming = await scene.AddValueAsync(register, Day(3, 15), 1050);
        await scene.AddValueAsync(register, Day(3, 31), 1100);
        Held.Pictures[with.ReadingId] = new ReadingPicture(with.ReadingId, 3, Jpeg, 80, 60);
        Held.Pictures[coming.ReadingId] = new ReadingPicture(coming.ReadingId, 1, null, 0, 0);
        var client = await server.SignInAsync("manager");
        var (export, bytes) = await RunAsync(client, new { type = "readings", location_id = scene.Location, photos = true });
        Assert.Equal("4 rows with 1 photos.", (string?)export["message"]);
        Assert.Equal((4, 1, 0), ((int)export["result"]!["rows"]!, (int)export["result"]!["photos"]!, (int)export["result"]!["photos_left_out"]!));
        using var document = SpreadsheetDocument.Open(new MemoryStream(bytes), false);
        Assert.Empty(new OpenXmlValidator().Validate(document).Select(error => error.Description));
        var image = Assert.Single(document.WorkbookPart!.WorksheetParts.Single().DrawingsPart!.ImageParts);
        using var stream = image.GetStream();
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, TestContext.Current.CancellationToken);
        Assert.Equal(Jpeg, copy.ToArray());
        var rows = await WorkbookTables.RowsAsync(bytes);
        Assert.EndsWith("|notes|photo|photos", rows[0], StringComparison.Ordinal);
        Assert.Equal(["Number 3", "Number 3", "Number 1"], rows[1..4].Select(row => row.Split('|')[^1]));
        Assert.Empty(Directory.EnumerateFiles(server.Data.Exports, "*.part"));
    }

    [Fact]
    public async Task A_workbook_has_so_many_photos_at_most_and_says_what_it_left_out()
    {
        var register = await scene.AddMeterAsync("B");
        for (var day = 1; day <= 5; day++)
        {
            var value = await scene.AddValueAsync(register, Day(4, day), 1000 + day);
            Held.Pictures[value.ReadingId] = new ReadingPicture(value.ReadingId, 1, Jpeg, 80, 60);
        }

        var client = await server.SignInAsync("admin");
        var (export, bytes) = await RunAsync(client, new { type = "readings", location_id = scene.Location, photos = true });
        Assert.Equal((5, 3, 2), ((int)export["result"]!["rows"]!, (int)export["result"]!["photos"]!, (int)export["result"]!["photos_left_out"]!));
        Assert.Contains("The photos of 2 more readings were left out", (string?)export["message"], StringComparison.Ordinal);
        using var document = SpreadsheetDocument.Open(new MemoryStream(bytes), false);
        Assert.Equal(3, document.WorkbookPart!.WorksheetParts.Single().DrawingsPart!.ImageParts.Count());
    }

    [Fact]
    public async Task Nobody_gets_photos_who_does_not_ask_and_only_readings_have_them()
    {
        var register = await scene.AddMeterAsync("C");
        var value = await scene.AddValueAsync(register, Day(5, 1), 1000);
        Held.Pictures[value.ReadingId] = new ReadingPicture(value.ReadingId, 1, Jpeg, 80, 60);
        var client = await server.SignInAsync("manager");
        var (export, bytes) = await RunAsync(client, new { type = "readings", location_id = scene.Location });
        Assert.Null(export["result"]!["photos"]);
        using var document = SpreadsheetDocument.Open(new MemoryStream(bytes), false);
        Assert.Null(document.WorkbookPart!.WorksheetParts.Single().DrawingsPart);
        var refused = await client.PostAsync("/api/v1/export/excel", new { type = "meters", photos = true });
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("photos", refused.Body["error"]!["details"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync("/api/v1/export/excel", new { type = "readings", photos = "many" })).Status);
    }

    [Fact]
    public async Task Who_may_see_no_photos_gets_none_in_a_workbook()
    {
        var admin = await server.SignInAsync("admin");
        var name = "blind" + Guid.CreateVersion7().ToString("n")[^8..];
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/roles", new { name, permissions = new[] { "readings:read", "exports:create" } })).Status);
        await admin.MakeUserAsync(name, name);
        var clerk = await server.SignInWithAsync(name);
        (await clerk.PostAsync("/api/v1/export/excel", new { type = "readings", photos = true })).Refused(HttpStatusCode.Forbidden, "auth.forbidden");
        Assert.Equal(HttpStatusCode.Accepted, (await clerk.PostAsync("/api/v1/export/excel", new { type = "readings" })).Status);
    }

    private static async Task<(JsonNode Export, byte[] Bytes)> RunAsync(ApiClient client, object request)
    {
        var accepted = await client.PostAsync("/api/v1/export/excel", request);
        Assert.True(accepted.Status == HttpStatusCode.Accepted, accepted.Body.ToJsonString());
        var export = await client.WaitForJobAsync($"/api/v1/export/status/{(string?)accepted.Data["id"]}");
        Assert.True((string?)export["status"] == "completed", export.ToJsonString());
        return (export, await client.Http.GetByteArrayAsync((string)export["download_url"]!));
    }
}

public sealed class PhotosOnSqlite : SqliteServer
{
    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["Exports:PhotosPerFile"] = "3" };

    protected override void AdjustServices(IServiceCollection services) => services.AddSingleton<IReadingPictures, HeldPictures>();
}

public sealed class PhotosOnPostgres : PostgresServer
{
    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["Exports:PhotosPerFile"] = "3" };

    protected override void AdjustServices(IServiceCollection services) => services.AddSingleton<IReadingPictures, HeldPictures>();
}

public sealed class ExportPhotosOnSqliteTests(PhotosOnSqlite server) : ExportPhotosTests(server), IClassFixture<PhotosOnSqlite>;

public sealed class ExportPhotosOnPostgresTests(PhotosOnPostgres server) : ExportPhotosTests(server), IClassFixture<PhotosOnPostgres>;
