using MeterSync.Kernel;
using MeterSync.Metering.Registers;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Public;
using MeterSync.Store;
using MeterSync.Store.Bulk;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.Store;

internal sealed class MeterRegistry(MeterSyncDb db, BulkStore bulk, CallerAccessor callers) : IMeterRegistry
{
    // SQLite's write transaction is the lock already.
    public Task<MeterForReading?> LockAsync(MeterId id, Rider? rider, CancellationToken cancellationToken) =>
        db.IsSqlite ? FindAsync(id, cancellationToken) : LockMeter.FindAsync(db, id, callers.Known, rider, cancellationToken);

    public Task<MeterForReading?> FindAsync(MeterId id, CancellationToken cancellationToken) =>
        SingleAsync(db.Set<Meter>().Where(meter => meter.Id == id), cancellationToken);

    public async Task<MeterForReading> FindAnyAsync(MeterId id, CancellationToken cancellationToken) => (await LoadSeenAsync(db.Set<Meter>().Where(meter => meter.Id == id), cancellationToken))[0];

    public async Task<ILookup<MeterId, DateTimeOffset>> PlacedAsync(IReadOnlyCollection<MeterId> ids, CancellationToken cancellationToken)
    {
        var places = await db.Set<MeterInstallation>().AsNoTracking().Where(place => ids.Contains(place.MeterId)).OrderBy(place => place.InstalledAt).Select(place => new
        {
            place.MeterId,
            place.InstalledAt,
            Follows = db.Set<MeterInstallation>().Any(other => other.ServicePointId == place.ServicePointId && other.RemovedAt == place.InstalledAt && other.MeterId != place.MeterId),
        }).ToListAsync(cancellationToken);
        var known = new HashSet<MeterId>();
        return places.Where(place => !known.Add(place.MeterId) || place.Follows).ToLookup(place => place.MeterId, place => place.InstalledAt);
    }

    public async Task<IReadOnlyList<PlaceTaken>> PlacesTakenAsync(DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken) => await (
        from came in db.Set<MeterInstallation>().AsNoTracking()
        where came.InstalledAt >= since && came.InstalledAt < until
        join went in db.Set<MeterInstallation>() on new { came.ServicePointId, At = (DateTimeOffset?)came.InstalledAt } equals new { went.ServicePointId, At = went.RemovedAt }
        join old in db.Set<Register>() on went.MeterId equals old.MeterId
        join following in db.Set<Register>() on came.MeterId equals following.MeterId
        orderby came.InstalledAt, old.Id, following.Ordinal
        select new PlaceTaken(came.InstalledAt, old.Id, following.Id)).ToListAsync(cancellationToken);

    public async Task<IReadOnlyList<MeterForReading>> LockAllAsync(IReadOnlyCollection<MeterId> ids, CancellationToken cancellationToken)
    {
        if (!db.IsSqlite)
        {
            // A statement of its own: one that waited for a lock would go on with what it saw before.
            var guids = ids.Select(id => id.Value).ToArray();
            await db.Database.ExecuteSqlAsync($"select 1 from meters where id = any({guids}) order by id for update", cancellationToken);
        }

        return await LoadAsync(db.Among<Meter>(nameof(Meter.Id), ids.Select(id => id.Value)), cancellationToken);
    }

    public async Task<IReadOnlyDictionary<RegisterId, RegisterId>> PredecessorsAsync(IReadOnlyCollection<RegisterId> registers, CancellationToken cancellationToken) =>
        await db.Set<Register>().AsNoTracking().Where(register => registers.Contains(register.Id) && register.PredecessorId != null)
            .Select(register => new { register.Id, register.PredecessorId }).ToDictionaryAsync(row => row.Id, row => row.PredecessorId!.Value, cancellationToken);

    public async Task<IReadOnlyDictionary<string, MeterForReading>> FindBySerialAsync(IReadOnlyCollection<string> serialNumbers, CancellationToken cancellationToken) =>
        (await LoadAsync(db.Set<Meter>().Where(meter => serialNumbers.Contains(meter.SerialNumber)), cancellationToken)).ToDictionary(meter => meter.SerialNumber, StringComparer.Ordinal);

    public async Task<IReadOnlyDictionary<MeterId, string>> SerialNumbersAsync(IReadOnlyCollection<MeterId> ids, CancellationToken cancellationToken) =>
        await db.Set<Meter>().Where(meter => ids.Contains(meter.Id)).ReadableBy(db, callers.Known).Select(meter => new { meter.Id, meter.SerialNumber }).ToDictionaryAsync(row => row.Id, row => row.SerialNumber, cancellationToken);

    public async Task SetLastReadingsAsync(IReadOnlyList<(MeterForReading Meter, LastReading? Last)> lasts, CancellationToken cancellationToken)
    {
        var (made, changed) = (new List<MeterLastReading>(), new List<MeterLastReading>());
        foreach (var (meter, last) in lasts)
        {
            if (last is null)
            {
                SetLastReading(meter, null);
            }
            else if (last != meter.Last)
            {
                (meter.Last is null ? made : changed).Add(RowOf(meter, last));
            }
        }

        await bulk.InsertAsync(made, cancellationToken);
        await bulk.UpdateAsync(changed, cancellationToken);
    }

    private static MeterLastReading RowOf(MeterForReading meter, LastReading last) => new() { MeterId = meter.Id, ReadingAt = last.At, Value = last.Value, Unit = last.Unit };

    public void SetLastReading(MeterForReading meter, LastReading? last)
    {
        if (last == meter.Last)
        {
            return;
        }

        if (last is null)
        {
            db.Remove(new MeterLastReading { MeterId = meter.Id });
            return;
        }

        var row = RowOf(meter, last);
        if (meter.Last is null)
        {
            db.Insert(row);
        }
        else
        {
            db.Replace(row);
        }
    }

    private async Task<MeterForReading?> SingleAsync(IQueryable<Meter> meters, CancellationToken cancellationToken) =>
        await LoadAsync(meters, cancellationToken) is [var meter, ..] ? meter : null;

    private Task<IReadOnlyList<MeterForReading>> LoadAsync(IQueryable<Meter> meters, CancellationToken cancellationToken) => LoadSeenAsync(meters.ReadableBy(db, callers.Known), cancellationToken);

    private async Task<IReadOnlyList<MeterForReading>> LoadSeenAsync(IQueryable<Meter> meters, CancellationToken cancellationToken)
    {
        var rows = await (
            from meter in meters.AsNoTracking()
            join point in db.Set<ServicePoint>() on meter.ServicePointId equals (ServicePointId?)point.Id into points
            from point in points.DefaultIfEmpty()
            join last in db.Set<MeterLastReading>() on meter.Id equals last.MeterId into lasts
            from last in lasts.DefaultIfEmpty()
            join register in db.Set<Register>() on meter.Id equals register.MeterId
            join version in db.Set<RegisterVersion>() on register.Id equals version.RegisterId
            orderby meter.Id, register.Ordinal, version.EffectiveFrom
            select new { Meter = meter, Point = point, Last = last, Register = register, Version = version }).ToListAsync(cancellationToken);
        return [.. rows.GroupBy(row => row.Meter.Id).Select(group =>
        {
            var first = group.First();
            return new MeterForReading(
                first.Meter.Id,
                first.Meter.SerialNumber,
                first.Meter.MeterType,
                first.Meter.Status,
                first.Point?.Latitude,
                first.Point?.Longitude,
                first.Point?.PositionSource ?? Metering.PositionProvenance.Unknown,
                first.Last is null ? null : new LastReading(first.Last.ReadingAt, first.Last.Value, first.Last.Unit),
                [.. group.GroupBy(row => row.Register.Id).Select(versions => RegisterOf(versions.First().Register, versions.Select(row => row.Version)))])
            {
                SegmentFrom = first.Meter.SegmentFrom,
                RemovedAt = first.Meter.RemovedAt,
            };
        })];
    }

    internal static RegisterForReading RegisterOf(Register register, IEnumerable<RegisterVersion> versions) =>
        new(register.Id, register.Ordinal, register.Label, register.ObisCode, [.. versions.Select(version => new EffectiveConfiguration(version.EffectiveFrom, ConfigurationOf(register, version)))]) { PredecessorId = register.PredecessorId };

    /// <summary>The configuration the metering rules work with.</summary>
    public static RegisterConfiguration ConfigurationOf(Register register, RegisterVersion version) => new()
    {
        Kind = register.Kind,
        Quantity = register.Quantity,
        Unit = version.Unit,
        Digits = version.Digits,
        Decimals = version.Decimals,
        Multiplier = version.Multiplier,
        Direction = register.Direction,
        RunsBackwards = register.RunsBackwards,
        MaximumUsePerDay = version.MaximumUsePerDay,
    };
}
