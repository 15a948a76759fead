using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Metering.Estimation;
using MeterSync.Metering.Registers;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Store;

namespace MeterSync.Modules.Readings.Estimates;

/// <summary>What meters of a kind use per day, in the region of each of some meters.</summary>
internal sealed class TypicalUseOfPart(UseMedians<UseKind> medians, IReadOnlyDictionary<MeterId, Guid?> regions)
{
    /// <summary>Where nobody needs it.</summary>
    public static readonly TypicalUseOfPart Unknown = new(new UseMedians<UseKind>(), new Dictionary<MeterId, Guid?>());

    public (decimal? Region, decimal? Type) Of(MeterForReading meter, RegisterConfiguration register)
    {
        var kind = UseKind.Of(meter.Type, register);
        return (regions.GetValueOrDefault(meter.Id) is { } region ? medians.InRegion(kind, region) : null, medians.Of(kind));
    }
}

/// <summary>Registers that are compared with each other.</summary>
internal readonly record struct UseKind(MeterType Type, string Quantity, string Unit, FlowDirection Direction)
{
    public static UseKind Of(MeterType type, RegisterConfiguration register) => new(type, register.Quantity, register.Unit, register.Direction);
}

/// <summary>Reads what all meters use per day, once while estimates are made; only when one of them has no past of its own.</summary>
internal sealed class TypicalUse(ReadingLedgerSource source)
{
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(400);
    private UseMedians<UseKind>? known;

    /// <summary>What is read after this is read anew.</summary>
    public void Forget() => known = null;

    public async Task<TypicalUseOfPart> OfAsync(IReadOnlyCollection<MeterId> meters, DateTimeOffset at, CancellationToken cancellationToken)
    {
        known ??= await ReadAsync(at, cancellationToken);
        await using var connection = await source.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"select m.id, p.region_id from {source.IdList("@ids")} listed join meters m on m.id = listed.id join service_points p on p.id = m.service_point_id";
        ReadingLedger.Add(command, "ids", source.IdListValue(meters.Select(meter => meter.Value)));
        var regions = new Dictionary<MeterId, Guid?>(meters.Count);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            regions[new MeterId(source.Id(row, 0))] = source.OptionalId(row, 1);
        }

        return new TypicalUseOfPart(known, regions);
    }

    /// <summary>The last actual period of every register before the instant.</summary>
    private async Task<UseMedians<UseKind>> ReadAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = """
            select m.meter_type, g.quantity, x.unit, g.direction, p.region_id, v.consumption, v.days
            from meters m
            join registers g on g.meter_id = m.id
            left join service_points p on p.id = m.service_point_id
            join reading_values v on v.id = (select b.id from reading_values b
              where b.register_id = g.id and b.reading_at <= @at and b.reading_at > @since and b.state = 'accepted' and b.quality in ('valid', 'edited') and b.days > 0 and b.consumption >= 0
              order by b.reading_at desc limit 1)
            join register_versions x on x.register_id = g.id
              and x.effective_from = (select y.effective_from from register_versions y where y.register_id = g.id and y.effective_from <= v.reading_at order by y.effective_from desc limit 1)
            where g.kind = 'cumulative' and m.status = 'active'
            """;
        ReadingLedger.Add(command, "at", source.Value(at));
        ReadingLedger.Add(command, "since", source.Value(at - LookBack));
        var medians = new UseMedians<UseKind>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            if (Consumption.PerDay(source.Number(row, 5), source.Number(row, 6)) is { } perDay)
            {
                medians.Add(new UseKind(Terms<MeterType>.Parse(row.GetString(0)), row.GetString(1), row.GetString(2), Terms<FlowDirection>.Parse(row.GetString(3))), source.OptionalId(row, 4), perDay);
            }
        }

        return medians;
    }
}
