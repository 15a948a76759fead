using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.Import;

/// <summary>Loads meters with what an import may change about them. Where the database locks rows, meters are locked in a statement of their own before:
/// one that waits for a lock and reads at once would see the meter as it is then and its registers as they were before.</summary>
internal static class MeterPartsQuery
{
    public static async Task<IQueryable<Meter>> LockedBySerialAsync(MeterSyncDb db, string[] serials, CancellationToken cancellationToken)
    {
        if (!db.IsSqlite)
        {
            await db.Database.ExecuteSqlAsync($"select 1 from meters where serial_number = any({serials}) order by id for update", cancellationToken);
        }

        return db.Set<Meter>().Where(meter => EF.Parameter(serials).Contains(meter.SerialNumber));
    }

    /// <summary>A meter in store has a place that is nowhere, and that nobody writes.</summary>
    public static async Task<IReadOnlyList<(MeterParts Parts, DateTimeOffset? LastReadingAt)>> LoadAsync(MeterSyncDb db, IQueryable<Meter> meters, CancellationToken cancellationToken)
    {
        var rows = await (
            from meter in meters.AsNoTracking()
            join point in db.Set<ServicePoint>().AsNoTracking() on meter.ServicePointId equals (ServicePointId?)point.Id into points
            from point in points.DefaultIfEmpty()
            join register in db.Set<Register>().AsNoTracking().Where(register => register.Ordinal == 1) on meter.Id equals register.MeterId into registers
            from register in registers.DefaultIfEmpty()
            join version in db.Set<RegisterVersion>().AsNoTracking() on register.Id equals version.RegisterId into versions
            from version in versions.DefaultIfEmpty()
            join last in db.Set<MeterLastReading>().AsNoTracking() on meter.Id equals last.MeterId into lasts
            from last in lasts.DefaultIfEmpty()
            select new { Meter = meter, Point = point, Register = register, Version = version, LastReadingAt = (DateTimeOffset?)last.ReadingAt }).ToListAsync(cancellationToken);
        return [.. rows.GroupBy(row => row.Meter.Id).Select(group => group.MaxBy(row => row.Version?.EffectiveFrom ?? DateTimeOffset.MinValue)!)
            .Select(row => (new MeterParts(row.Meter, row.Point ?? new ServicePoint(), row.Register, row.Version), row.LastReadingAt))];
    }
}
