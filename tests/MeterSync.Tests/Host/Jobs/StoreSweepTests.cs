using MeterSync.Host.Jobs;
using MeterSync.Kernel;
using MeterSync.Store;
using MeterSync.Store.Idempotency;
using MeterSync.Tests.Host.Web;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace MeterSync.Tests.Host.Jobs;

public abstract class StoreSweepTests(ServerFixture server, TestClock clock)
{
    private const int MoreThanOnePart = 5_003;

    [Fact]
    public async Task Keys_go_after_a_day_and_not_before()
    {
        await AddAsync(MoreThanOnePart, TimeSpan.FromMinutes(1));
        await AddAsync(3, TimeSpan.Zero);
        clock.Advance(TimeSpan.FromHours(23.9));
        Assert.Equal(0, await SweepAsync());
        await AddAsync(2, TimeSpan.Zero);
        clock.Advance(TimeSpan.FromHours(0.2));
        Assert.Equal(MoreThanOnePart + 3, await SweepAsync());
        await using var scope = server.Services.CreateAsyncScope();
        Assert.Equal(2, await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<IdempotencyKey>().CountAsync());
    }

    private Task<int> SweepAsync() => server.Services.GetServices<IHostedService>().OfType<StoreSweep>().Single().SweepKeysAsync(CancellationToken.None);

    /// <param name="count">How many.</param>
    /// <param name="within">All of them are made between now and so much later.</param>
    private async Task AddAsync(int count, TimeSpan within)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        var now = clock.GetUtcNow().ToStored();
        db.AddRange(Enumerable.Range(0, count).Select(number => new IdempotencyKey { CallerName = "test", Key = Guid.CreateVersion7().ToString(), RequestHash = [1], CreatedAt = (now + (within / count * number)).ToStored() }));
        await db.SaveChangesAsync();
    }
}

public sealed class StoreSweepOnSqliteTests(ClockedSqlite server) : StoreSweepTests(server, server.Clock), IClassFixture<ClockedSqlite>;

public sealed class StoreSweepOnPostgresTests(ClockedPostgres server) : StoreSweepTests(server, server.Clock), IClassFixture<ClockedPostgres>;
