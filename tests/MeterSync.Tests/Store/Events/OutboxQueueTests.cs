using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MeterSync.Host.Jobs;
using MeterSync.Kernel;
using MeterSync.Store;
using MeterSync.Store.Events;
using MeterSync.Tests.Host.Web;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace MeterSync.Tests.Store.Events;

public abstract class OutboxQueueTests(ServerFixture server, TestClock clock)
{
    private static readonly EventKind<JsonElement> Kind = new("test.happened", 3, (JsonTypeInfo<JsonElement>)JsonSerializerOptions.Default.GetTypeInfo(typeof(JsonElement)));
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Each_event_is_handed_to_one_at_a_time_until_it_is_settled()
    {
        await SettleAllAsync();
        await AppendAsync(30);
        var claims = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ClaimAsync(10)));
        Assert.Equal(30, claims.SelectMany(claim => claim).Select(one => one.Id).Distinct().Count());
        Assert.Empty(await ClaimAsync(10));
        Assert.All(claims.SelectMany(claim => claim), one => Assert.Equal(("test.happened", 3), (one.Kind, one.Version)));
        Assert.Equal("""{"number":0}""", claims.SelectMany(claim => claim).OrderBy(one => one.At).ThenBy(one => one.Id).First().Body.Replace(" ", "", StringComparison.Ordinal));

        await SettleAsync(claims[0].Concat(claims[1]));
        clock.Advance(Lease * 2);
        var again = await ClaimAsync(100);
        Assert.Equal(claims[2].Select(one => one.Id).Order(), again.Select(one => one.Id).Order());
        await SettleAsync(again);
        await SettleAsync(again);
        clock.Advance(Lease * 2);
        Assert.Empty(await ClaimAsync(100));
    }

    [Fact]
    public async Task An_event_of_a_transaction_that_is_rolled_back_was_never_there()
    {
        await SettleAllAsync();
        await using var scope = server.Services.CreateAsyncScope();
        var (outbox, db) = (scope.ServiceProvider.GetRequiredService<Outbox>(), scope.ServiceProvider.GetRequiredService<MeterSyncDb>());
        var isTold = false;
        var transactions = scope.ServiceProvider.GetRequiredService<WriteTransactions>();
        var refused = await transactions.RunAsync<Done>(
            async token =>
            {
                outbox.Append(Kind, new EventAbout("test", Guid.CreateVersion7()), JsonSerializer.SerializeToElement(new { number = 0 }));
                await db.SaveChangesAsync(token);
                transactions.Afterwards(() => isTold = true);
                return KernelProblems.Forbidden.Because("No.");
            },
            CancellationToken.None);
        Assert.False(refused.Succeeded || isTold);
        Assert.Empty(await ClaimAsync(10));
        Assert.True((await transactions.RunAsync<Done>(_ => Task.FromResult<Outcome<Done>>(Done.It), CancellationToken.None)).Succeeded);
        Assert.False(isTold);
    }

    [Fact]
    public async Task Events_go_after_their_days_handled_or_not()
    {
        clock.Advance(TimeSpan.FromDays(31));
        await SweepAsync();
        await AppendAsync(3);
        await SettleAsync(await ClaimAsync(1));
        clock.Advance(TimeSpan.FromDays(29.9));
        await AppendAsync(2);
        Assert.Equal(0, await SweepAsync());
        clock.Advance(TimeSpan.FromDays(0.2));
        Assert.Equal(3, await SweepAsync());
        await using var scope = server.Services.CreateAsyncScope();
        Assert.Equal(2, await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<OutboxEvent>().CountAsync());
    }

    private Task<int> SweepAsync() => server.Services.GetServices<IHostedService>().OfType<StoreSweep>().Single().SweepEventsAsync(CancellationToken.None);

    private async Task AppendAsync(int count)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var outbox = scope.ServiceProvider.GetRequiredService<Outbox>();
        for (var number = 0; number < count; number++)
        {
            outbox.Append(Kind, new EventAbout("test", Guid.CreateVersion7()), JsonSerializer.SerializeToElement(new { number }));
        }

        await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().SaveChangesAsync();
    }

    private async Task<IReadOnlyList<OutboxEvent>> ClaimAsync(int most)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<OutboxQueue>().ClaimAsync(most, Lease, CancellationToken.None);
    }

    private async Task SettleAsync(IEnumerable<OutboxEvent> events)
    {
        await using var scope = server.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<OutboxQueue>().SettleAsync([.. events.Select(one => one.Id)], CancellationToken.None);
    }

    private async Task SettleAllAsync() => await SettleAsync(await ClaimAsync(1_000));
}

public sealed class OutboxQueueOnSqliteTests(ClockedSqlite server) : OutboxQueueTests(server, server.Clock), IClassFixture<ClockedSqlite>;

public sealed class OutboxQueueOnPostgresTests(ClockedPostgres server) : OutboxQueueTests(server, server.Clock), IClassFixture<ClockedPostgres>;
