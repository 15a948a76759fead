using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Store;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Billing;

/// <summary>Meters and readings of one location, put straight into the tables: what a bill is made of, without the rules that judge readings.</summary>
internal sealed class BillingScene(ServerFixture server)
{
    private static int made;
    private readonly int number = Interlocked.Increment(ref made);

    public string Location => $"loc-{number}";

    /// <summary>Unique in the database and ordered by <paramref name="name"/> within the scene.</summary>
    public string Serial(string name) => $"S{number:0000}-{name}";

    public static DateTimeOffset Day(int month, int day, int hour = 9) => new(2026, month, day, hour, 0, 0, TimeSpan.Zero);

    public string RowsOf(string from, string to) => $"/api/v1/billing-rows?from={from}&to={to}&location_id={Location}&limit=100";

    public async Task<Register> AddMeterAsync(
        string name,
        decimal multiplier = 1,
        RegisterKind kind = RegisterKind.Cumulative,
        string label = "total",
        string? owner = null,
        bool secondRegister = false)
    {
        var now = Day(1, 1);
        var point = new ServicePoint { Id = Id<ServicePointId>(), Address = "12 Mill Lane", Owner = owner, LocationId = Location, ExternalId = "NMI-" + name, CreatedAt = now, UpdatedAt = now };
        var meter = new Meter { Id = Id<MeterId>(), SerialNumber = Serial(name), MeterType = MeterType.Electric, ServicePointId = point.Id, CreatedAt = now, UpdatedAt = now };
        var first = NewRegister(meter.Id, 1, label, kind);
        await SaveAsync(db =>
        {
            db.AddRange(point, meter, new MeterInstallation { MeterId = meter.Id, ServicePointId = point.Id, InstalledAt = Day(1, 1, 0) }, first, Version(first.Id, multiplier));
            if (secondRegister)
            {
                var second = NewRegister(meter.Id, 2, "T2", kind);
                db.AddRange(second, Version(second.Id, multiplier));
            }
        });
        return first;
    }

    public async Task<ReadingValue> AddValueAsync(
        Register register,
        DateTimeOffset at,
        decimal value,
        decimal? consumption = null,
        ReadingState state = ReadingState.Accepted,
        Quality quality = Quality.Valid,
        string flags = "",
        DateTimeOffset? receivedAt = null,
        string? notes = null)
    {
        var reading = new Reading { Id = Id<ReadingId>(), MeterId = register.MeterId, ReadingAt = at, ReceivedAt = receivedAt ?? at.AddMinutes(5), Source = ReadingSource.Manual, State = state, Notes = notes };
        var made = new ReadingValue { Id = Id<ReadingValueId>(), ReadingId = reading.Id, MeterId = register.MeterId, RegisterId = register.Id, ReadingAt = at, Value = value, State = state, Quality = quality, Flags = flags, Consumption = consumption, Days = consumption is null ? null : 30 };
        await SaveAsync(db => db.AddRange(reading, made));
        return made;
    }

    /// <summary>A person corrects a value: the new one supersedes it in the same reading.</summary>
    public async Task<ReadingValue> CorrectAsync(ReadingValue old, decimal value, decimal? consumption)
    {
        var corrected = new ReadingValue { Id = Id<ReadingValueId>(), ReadingId = old.ReadingId, MeterId = old.MeterId, RegisterId = old.RegisterId, ReadingAt = old.ReadingAt, Value = value, State = ReadingState.Accepted, Quality = Quality.Edited, Consumption = consumption, Days = 30, SupersedesId = old.Id };
        await SaveAsync(db =>
        {
            db.Attach(old).Entity.State = ReadingState.Superseded;
            db.Add(corrected);
        });
        return corrected;
    }

    public Task ChangeAsync(ReadingValue value, Action<ReadingValue> change) => SaveAsync(db => change(db.Attach(value).Entity));

    public async Task SaveAsync(Action<MeterSyncDb> change)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        change(db);
        await db.SaveChangesAsync();
    }

    public async Task<T> AskAsync<T>(Func<MeterSyncDb, Task<T>> ask)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return await ask(scope.ServiceProvider.GetRequiredService<MeterSyncDb>());
    }

    /// <summary>Freezes a period of the scene's location and returns the run's id.</summary>
    public async Task<string> FreezeAsync(ApiClient client, string from, string to)
    {
        var accepted = await client.PostAsync("/api/v1/billing-runs", new { name = $"Run of {Location}", period_from = from, period_to = to, location_id = Location });
        var job = await client.WaitForJobAsync($"/api/v1/billing-runs/jobs/{(string?)accepted.Data["id"]}");
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        return (string)job["result"]!["billing_run_id"]!;
    }

    public static async Task<JsonArray> ItemsAsync(ApiClient client, string path) => (await client.GetAsync(path)).Data["items"]!.AsArray();

    public TId Id<TId>()
        where TId : struct, ITypedId<TId> => server.Services.GetRequiredService<IdSource>().Next<TId>();

    private Register NewRegister(MeterId meter, int ordinal, string label, RegisterKind kind) =>
        new() { Id = Id<RegisterId>(), MeterId = meter, Ordinal = ordinal, Label = label, Quantity = kind == RegisterKind.Cumulative ? "kwh" : "kw_max", Kind = kind, ObisCode = $"1.8.{ordinal}", CreatedAt = Day(1, 1) };

    private static RegisterVersion Version(RegisterId register, decimal multiplier) =>
        new() { RegisterId = register, EffectiveFrom = RegisterVersion.Always, Unit = "kWh", Digits = 5, Decimals = 1, Multiplier = multiplier };
}
