using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Modules.Photos.Public;
using MeterSync.Modules.Sync;
using MeterSync.Modules.Sync.SyncReadings;
using MeterSync.Modules.Workforce.Domain;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Host.Demo;

/// <summary>What the phone of one agent brought at the end of the day: a reading with its photo, one that came twice with two values, and one of a meter that nobody knows.</summary>
internal sealed class DemoPhone(DemoPeople people, IReadOnlyDictionary<string, UserId> accounts, IReadOnlyDictionary<MeterId, DemoMeter> places, IdSource ids)
{
    private const string Owner = "agent2";
    private const string Picture = "MeterSync.Host.Demo.water-meter.png";
    private static readonly TimeSpan Evening = TimeSpan.FromHours(16);

    public async Task BringAsync(DateTimeOffset day, CancellationToken cancellationToken)
    {
        var agent = accounts[Owner];
        var work = await people.LookAsync(db => db.Set<Assignment>().AsNoTracking()
            .Where(one => one.AgentId == agent && one.Status == AssignmentStatus.Pending).OrderByDescending(one => one.Position).Select(one => one.MeterId).ToListAsync(cancellationToken));
        var meter = work.First(one => places[one] is { Registers.Count: 1 } place && !DemoCase.NeedsEveryVisit(place.Case));
        var at = day + Evening;
        var value = places[meter].ShownAt(at)[0];
        var picture = await PictureAsync(cancellationToken);
        var (sha256, reading, stray) = (SHA256.HashData(picture), ids.Next(), ids.Next());
        JsonObject Item(Guid id, decimal shown, string? serial) => new()
        {
            ["client_id"] = id,
            ["entity"] = "reading",
            ["op"] = "create",
            ["captured_at"] = at.ToString("O"),
            ["payload"] = new JsonObject
            {
                [serial is null ? "meter_id" : "serial_number"] = serial ?? meter.Value.ToString(),
                ["reading_value"] = shown,
                ["reading_timestamp"] = at.ToString("O"),
                ["photos"] = serial is null ? new JsonArray(Convert.ToHexStringLower(sha256)) : new JsonArray(),
            },
        };
        await PushAsync(agent, [Item(reading, value, null), Item(stray, 118, "WA-88131")], cancellationToken);
        await PushAsync(agent, [Item(reading, value + 9, null)], cancellationToken);
        await people.AskAsync<IBroughtPhotos, Done>(agent, photos => photos.TakeAsync(new BroughtPhoto("water-meter.png", "image/png", sha256, reading, null, picture), cancellationToken), cancellationToken);
    }

    private Task<PushView> PushAsync(UserId agent, JsonArray items, CancellationToken cancellationToken)
    {
        var batch = new JsonObject { ["device_id"] = "demo-phone-2", ["device_name"] = $"Phone of {Owner}", ["app_version"] = "demo", ["unsent_count"] = 0, ["items"] = items };
        return people.AskAsync<SyncReadingsHandler, PushView>(agent, handler => handler.HandleAsync(Encoding.UTF8.GetBytes(batch.ToJsonString()), isLines: false, null, cancellationToken), cancellationToken);
    }

    private static async Task<byte[]> PictureAsync(CancellationToken cancellationToken)
    {
        await using var stream = typeof(DemoPhone).Assembly.GetManifestResourceStream(Picture) ?? throw new InvalidOperationException($"The program lacks {Picture}.");
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }
}
