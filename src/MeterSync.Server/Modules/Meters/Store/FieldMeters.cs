using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Public;
using MeterSync.Store;
using MeterSync.Store.Bulk;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.Store;

/// <inheritdoc cref="IFieldMeters"/>
internal sealed class FieldMeters(MeterSyncDb db) : IFieldMeters
{
    public async Task<IReadOnlyList<FieldMeter>> OfAsync(IReadOnlyCollection<MeterId> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return [];
        }

        List<Guid> wanted = [.. ids.Select(id => id.Value)];
        var registers = (await (
            from register in db.Among<Register>(nameof(Register.MeterId), wanted).AsNoTracking()
            join version in db.Set<RegisterVersion>().AsNoTracking() on register.Id equals version.RegisterId
            orderby register.MeterId, register.Ordinal, version.EffectiveFrom
            select new { Register = register, Version = version }).ToListAsync(cancellationToken)).ToLookup(row => row.Register.MeterId);
        var meters = await (
            from meter in db.Among<Meter>(nameof(Meter.Id), wanted).AsNoTracking()
            join point in db.Set<ServicePoint>().AsNoTracking() on meter.ServicePointId equals (ServicePointId?)point.Id into points
            from point in points.DefaultIfEmpty()
            join last in db.Set<MeterLastReading>().AsNoTracking() on meter.Id equals last.MeterId into lasts
            from last in lasts.DefaultIfEmpty()
            select new { Meter = meter, Point = point, Last = last }).ToListAsync(cancellationToken);
        return [.. meters.Select(row => Of(
            row.Meter,
            row.Point,
            row.Last,
            [.. registers[row.Meter.Id].GroupBy(pair => pair.Register.Id).Select(versions => MeterRegistry.RegisterOf(versions.First().Register, versions.Select(pair => pair.Version)))]))];
    }

    private static FieldMeter Of(Meter meter, ServicePoint? point, MeterLastReading? last, IReadOnlyList<RegisterForReading> registers) => new(
        new MeterForReading(
            meter.Id,
            meter.SerialNumber,
            meter.MeterType,
            meter.Status,
            point?.Latitude,
            point?.Longitude,
            point?.PositionSource ?? PositionProvenance.Unknown,
            last is null ? null : new LastReading(last.ReadingAt, last.Value, last.Unit),
            registers)
        {
            SegmentFrom = meter.SegmentFrom,
            RemovedAt = meter.RemovedAt,
        },
        meter.Version,
        meter.Priority,
        meter.ServicePointId,
        point?.Address,
        point?.LocationId,
        point?.Owner,
        point?.TimeZone,
        point?.AccessNotes,
        point?.HazardNotes,
        point?.KeyNumber,
        meter.EstimatedMinutes,
        meter.RequiresPhoto,
        JsonSerializer.Deserialize(meter.Metadata, MetersJson.Default.JsonElement));
}
