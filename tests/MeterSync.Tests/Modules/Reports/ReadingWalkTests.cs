using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using MeterSync.Store.Bulk;
using MeterSync.Tests.Modules.Billing;
using MeterSync.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Reports;

/// <summary>However many readings a filter lets through, and so however the database is walked, they are the same rows in the same order.</summary>
public abstract class ReadingWalkTests(ServerFixture server)
{
    private const int Visits = 4_000;
    private static readonly DateTimeOffset Start = new(2021, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly BillingScene scene = new(server);

    [Fact]
    public async Task A_part_is_the_same_rows_as_in_the_whole()
    {
        var stored = await FillAsync();
        var ledger = server.Services.GetRequiredService<IReadingLedger>();
        var all = await WalkAsync(ledger, new LedgerFilter(null));
        var expected = stored.OrderBy(row => row.At).ThenBy(row => row.Reading.ToString(), StringComparer.Ordinal).ThenBy(row => row.Ordinal).ToList();
        Assert.Equal(expected.Select(row => (row.Reading, row.Value)), all.Select(value => (value.ReadingId, value.Value)));
        foreach (var (value, row) in all.Zip(expected))
        {
            Assert.Equal((row.At, row.Notes, row.Agent, row.Ordinal == 1 ? "total" : "T2", row.Consumption), (value.At, value.Notes, value.AgentId, value.Register, value.Consumption));
        }

        foreach (var hours in (int[])[2, 10, 30, 49, 51, 75, 99])
        {
            var part = await WalkAsync(ledger, new LedgerFilter(null, From: Start, To: Start.AddHours(hours)));
            Assert.Equal(all.Where(value => value.At < Start.AddHours(hours)), part);
        }

        var late = await WalkAsync(ledger, new LedgerFilter(null, From: Start.AddHours(20), State: ReadingState.Held, Source: ReadingSource.Manual));
        Assert.NotEmpty(late);
        Assert.Equal(all.Where(value => value.At >= Start.AddHours(20) && value.State == "held"), late);
    }

    private static async Task<List<LedgerValue>> WalkAsync(IReadingLedger ledger, LedgerFilter filter)
    {
        List<LedgerValue> values = [];
        await foreach (var value in ledger.ValuesAsync(filter, CancellationToken.None))
        {
            values.Add(value);
        }

        return values;
    }

    /// <summary>Visits in no order, many at the same instant, some with the values of two registers, the second stored first; a superseded value that is never walked; notes of which no two
    /// are the same, longer together than a walk keeps.</summary>
    private async Task<List<Stored>> FillAsync()
    {
        var first = await scene.AddMeterAsync("A", secondRegister: true);
        var second = await scene.AskAsync(db => Task.FromResult(db.Set<Register>().Single(register => register.MeterId == first.MeterId && register.Ordinal == 2)));
        var random = new Random(7);
        List<Reading> readings = [];
        List<ReadingValue> values = [];
        List<Stored> stored = [];
        for (var visit = 0; visit < Visits; visit++)
        {
            var at = Start.AddHours(random.Next(100));
            var notes = random.Next(10) == 0 ? $"{visit} " + new string('ü', 15_000) : null;
            UserId? agent = random.Next(3) == 0 ? scene.Id<UserId>() : null;
            var reading = new Reading { Id = scene.Id<ReadingId>(), MeterId = first.MeterId, ReadingAt = at, ReceivedAt = at.AddMinutes(visit), Source = ReadingSource.Manual, State = ReadingState.Accepted, Notes = notes, AgentId = agent };
            readings.Add(reading);
            Add(first, ReadingState.Superseded, visit);
            if (random.Next(4) == 0)
            {
                Add(second, ReadingState.Accepted, visit + 0.25m);
            }

            Add(first, random.Next(5) == 0 ? ReadingState.Held : ReadingState.Accepted, visit + 0.5m);

            void Add(Register register, ReadingState state, decimal number)
            {
                decimal? consumption = random.Next(2) == 0 ? null : -number;
                values.Add(new ReadingValue { Id = scene.Id<ReadingValueId>(), ReadingId = reading.Id, MeterId = first.MeterId, RegisterId = register.Id, Ordinal = register.Ordinal, ReadingAt = at, Value = number, State = state, Consumption = consumption });
                if (state != ReadingState.Superseded)
                {
                    stored.Add(new Stored(reading.Id.Value, at, register.Ordinal, number, consumption, notes, agent?.Value));
                }
            }
        }

        await using var scope = server.Services.CreateAsyncScope();
        var bulk = scope.ServiceProvider.GetRequiredService<BulkStore>();
        await scope.ServiceProvider.GetRequiredService<WriteTransactions>().RunAsync<Done>(
            async stop =>
            {
                await bulk.InsertAsync(readings, stop);
                await bulk.InsertAsync(values, stop);
                return Done.It;
            },
            CancellationToken.None);
        return stored;
    }

    private sealed record Stored(Guid Reading, DateTimeOffset At, int Ordinal, decimal Value, decimal? Consumption, string? Notes, Guid? Agent);
}

public sealed class ReadingWalkOnSqliteTests(SqliteServer server) : ReadingWalkTests(server), IClassFixture<SqliteServer>;

public sealed class ReadingWalkOnPostgresTests(PostgresServer server) : ReadingWalkTests(server), IClassFixture<PostgresServer>;
