using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using MeterSync.Metering;

namespace MeterSync.Host.Demo;

/// <summary>The demo's meters and readings as the files that an office would import.</summary>
internal static class DemoFiles
{
    public static async Task<MemoryStream> MetersAsync(IReadOnlyList<DemoMeter> meters, CancellationToken cancellationToken)
    {
        var file = new MemoryStream();
        await using var table = new TableWriter(file);
        table.Texts(
            "serial_number", "type", "status", "address", "owner", "location_id", "latitude", "longitude", "position_source", "time_zone",
            "registers", "unit", "digits", "decimals", "multiplier", "meta.demo_case");
        await table.EndRowAsync(cancellationToken);
        foreach (var meter in meters)
        {
            var register = meter.Registers[0];
            table.Texts(meter.SerialNumber, Terms<MeterType>.WordOf(meter.Type), Terms<MeterStatus>.WordOf(meter.Status), meter.Address.Line, meter.Owner, meter.Quarter);
            table.Number(meter.Address.Latitude);
            table.Number(meter.Address.Longitude);
            table.Texts(Terms<PositionProvenance>.WordOf(PositionProvenance.Geocoded), DemoTown.TimeZone, string.Join(';', meter.Registers.Select(one => one.Label)), register.Unit);
            table.Number(register.Digits);
            table.Number(register.Decimals);
            table.Number(register.Multiplier);
            table.Text(meter.Case);
            await table.EndRowAsync(cancellationToken);
        }

        return await FinishAsync(table, file, cancellationToken);
    }

    /// <summary>A row a register value, meter by meter, oldest first: values of one meter and instant are one visit.</summary>
    /// <param name="meters">Whose readings.</param>
    /// <param name="agents">Account ids by user name.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<MemoryStream> ReadingsAsync(IReadOnlyList<DemoMeter> meters, IReadOnlyDictionary<string, UserId> agents, CancellationToken cancellationToken)
    {
        var file = new MemoryStream();
        await using var table = new TableWriter(file);
        table.Texts("serial_number", "register", "reading_timestamp", "reading_value", "source", "agent", "notes");
        await table.EndRowAsync(cancellationToken);
        foreach (var meter in meters)
        {
            foreach (var reading in meter.Readings)
            {
                for (var index = 0; index < meter.Registers.Count; index++)
                {
                    table.Texts(meter.SerialNumber, meter.Registers[index].Label);
                    table.Instant(reading.At);
                    table.Number(reading.Values[index]);
                    table.Texts(Terms<ReadingSource>.WordOf(reading.Source), reading.Agent is { } name && agents.TryGetValue(name, out var agent) ? agent.Value.ToString() : null, reading.Notes);
                    await table.EndRowAsync(cancellationToken);
                }
            }
        }

        return await FinishAsync(table, file, cancellationToken);
    }

    private static async Task<MemoryStream> FinishAsync(TableWriter table, MemoryStream file, CancellationToken cancellationToken)
    {
        await table.CompleteAsync(cancellationToken);
        file.Position = 0;
        return file;
    }
}
