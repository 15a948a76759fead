using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace MeterSync.Store;

/// <summary>Hands out contexts. A disposed one goes back to the pool and is handed out again, because EF's services around a context cost more than
/// most requests; connections are pooled by the drivers.</summary>
internal sealed class MeterSyncDbFactory(DbContextOptions<MeterSyncDb> options)
{
    private const int MostKept = 128;
    private readonly PooledDbContextFactory<MeterSyncDb> pool = new(options, MostKept);

    public MeterSyncDb Create(StoreSession session)
    {
        var db = pool.CreateDbContext();
        db.Serve(session);
        return db;
    }
}
