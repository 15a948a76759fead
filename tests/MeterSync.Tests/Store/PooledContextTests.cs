using MeterSync.Store;
using MeterSync.Store.Audit;
using MeterSync.Store.Idempotency;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Store;

/// <summary>A context is handed out again; nothing of the request before may come with it.</summary>
public abstract class PooledContextTests(ServerFixture server)
{
    private const int MostLooks = 200;

    [Fact]
    public async Task Statements_are_not_compiled_on_every_run()
    {
        await using var scope = server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        if (!db.IsSqlite)
        {
            Assert.Equal("off", Assert.Single(await db.Database.SqlQuery<string>($"select current_setting('jit') as \"Value\"").ToListAsync(TestContext.Current.CancellationToken)));
        }
    }

    [Fact]
    public async Task A_context_forgets_whom_it_served()
    {
        MeterSyncDb first;
        StoreSession session;
        await using (var scope = server.Services.CreateAsyncScope())
        {
            first = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
            session = first.Session;
            first.Add(new IdempotencyKey { CallerName = "nobody", Key = "unsaved" });
            first.Insert(new AuditEntry { Actor = "nobody" });
            first.Database.SetCommandTimeout(77);
            await first.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
            Assert.True(first.HasChanges);
        }

        await using var again = await ScopeOfAsync(first);
        var db = again.ServiceProvider.GetRequiredService<MeterSyncDb>();
        Assert.NotSame(session, db.Session);
        Assert.False(db.HasChanges);
        Assert.Empty(db.ChangeTracker.Entries());
        Assert.Null(db.Database.CurrentTransaction);
        Assert.NotEqual(77, db.Database.GetCommandTimeout());
        Assert.Equal(0, await db.SaveChangesAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_context_given_back_serves_no_longer()
    {
        MeterSyncDb db;
        await using (var scope = server.Services.CreateAsyncScope())
        {
            db = scope.ServiceProvider.GetRequiredService<MeterSyncDb>();
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(() => db.Set<AuditEntry>().CountAsync(TestContext.Current.CancellationToken));
        Assert.Throws<InvalidOperationException>(() => db.Session);
    }

    /// <summary>The server's own work takes contexts from the same pool.</summary>
    private async Task<AsyncServiceScope> ScopeOfAsync(MeterSyncDb wanted)
    {
        for (var look = 0; look < MostLooks; look++)
        {
            var scope = server.Services.CreateAsyncScope();
            if (ReferenceEquals(scope.ServiceProvider.GetRequiredService<MeterSyncDb>(), wanted))
            {
                return scope;
            }

            await scope.DisposeAsync();
        }

        throw new InvalidOperationException("The context did not come back.");
    }
}

public sealed class PooledContextOnSqliteTests(SqliteServer server) : PooledContextTests(server), IClassFixture<SqliteServer>;

public sealed class PooledContextOnPostgresTests(PostgresServer server) : PooledContextTests(server), IClassFixture<PostgresServer>;
