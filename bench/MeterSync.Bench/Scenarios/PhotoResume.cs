using System.Globalization;
using System.Security.Cryptography;
using MeterSync.Bench.Field;
using MeterSync.Bench.Field.Faults;
using MeterSync.Bench.Field.Phones;
using MeterSync.Bench.Field.Stands;
using MeterSync.Bench.Machine;

namespace MeterSync.Bench.Scenarios;

/// <summary>A photo of 5 MiB in one request, whose connection breaks three times behind 4 MB: what was sent in all, requests and heads included, to the photo's size.</summary>
/// <remarks>Options: those of <see cref="FieldGround"/>.</remarks>
internal static class PhotoResume
{
    private const int PhotoBytes = 5 * 1024 * 1024;
    private const int CutAt = 4_000_000;
    private const int Cuts = 3;
    private const int MostAttempts = 50;

    public static int Run(Options options)
    {
        using var ground = new FieldGround(options);
        ground.Postgres?.CreateDatabase("metersync");
        using var stand = ground.Stand(Path.Combine(ground.Folder, "server"), "metersync", "photo/");
        var fleet = FieldFleet.Create(stand, ground.Folder, agents: 1, metersEach: 1, months: 0, options.Number("seed", 1));
        var (sent, cuts, attempts) = RunAsync(stand, fleet.PlanOf(0, 1, 0, PhotoBytes, 1), ground.Folder).GetAwaiter().GetResult();
        var results = new ResultsFile("photo-resume", options);
        var ratio = sent / (double)PhotoBytes;
        results.Add(new() { ["what"] = "size of the photo, bytes", ["value"] = PhotoBytes });
        results.Add(new() { ["what"] = "times cut, behind 4 MB", ["value"] = cuts });
        results.Add(new() { ["what"] = "times begun or gone on", ["value"] = attempts });
        results.Add(new() { ["what"] = "bytes sent", ["value"] = sent });
        results.Add(new() { ["what"] = "bytes sent / size", ["value"] = ratio, ["goal"] = "<= 1.15", ["met"] = ratio <= 1.15 && cuts == Cuts ? "yes" : "NO" });
        results.Add(new() { ["what"] = "the same when each time begins anew", ["value"] = ((Cuts * (double)CutAt) + PhotoBytes) / PhotoBytes });
        results.Finish();
        return 0;
    }

    private static async Task<(long Sent, int Cuts, int Attempts)> RunAsync(ServerStand stand, PhonePlan plan, string folder)
    {
        var ledger = new Ledger();
        var faults = new CutUploadAt(CutAt, Cuts);
        await using var proxy = new FaultProxy(stand.Address, faults);
        using var wire = new PhoneWire(proxy.Address, stand.Port, plan.UserName, plan.Password);
        using var outbox = new Outbox(Path.Combine(folder, "outbox.db"));
        var bytes = FieldPhoto.Make(plan.Seed, PhotoBytes);
        var file = Path.Combine(folder, "photo.jpg");
        await File.WriteAllBytesAsync(file, bytes);
        var photo = new OutboxPhoto(Convert.ToHexStringLower(SHA256.HashData(bytes)), default, file, bytes.Length, null, null, null, null, null);
        var clock = new PhoneClock(new Random(plan.Seed));
        var reading = FieldItems.Reading(plan.Meters[0].Id, plan.Meters[0].Value, null, [photo.Sha256], clock, withTimestamp: false);
        outbox.Freeze([reading], [photo with { ClientId = reading.ClientId }]);
        await new SyncCalls(wire, outbox, clock, ledger, "phone").PushAsync(outbox.TakeUnsent(1, 0), BatchSpelling.Json, default);

        var attempts = 0;
        while (outbox.PhotosLeft > 0)
        {
            if (++attempts > MostAttempts)
                throw new BenchFailedException($"The photo did not arrive: {string.Join(", ", ledger.Counts.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value}")))}");
            try
            {
                await new PhotoUpload(wire, outbox, ledger, pieceBytes: PhotoBytes).RunAsync(outbox.Photos(onlyLeft: true)[0], inOnePiece: false, default);
            }
            catch (NoAnswerException)
            {
                await Task.Delay(100); // the connection broke; the phone tries again
            }
        }
        if (await wire.DownloadAsync($"/api/v1/photos/{outbox.Photos(onlyLeft: false)[0].PhotoId}/content", default) is not { } back || !back.AsSpan().SequenceEqual(bytes))
            throw new BenchFailedException("The photo came back as other bytes.");
        return (proxy.Counts.PhotoBytesUp, faults.Done, attempts);
    }
}
