using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Public;

namespace MeterSync.Modules.Readings.Store;

/// <inheritdoc/>
internal sealed partial class ReadingLedger(ReadingLedgerSource source) : IReadingLedger
{
    /// <summary>The condition on readings where nothing is filtered.</summary>
    public const string Everything = "1 = 1";

    public async IAsyncEnumerable<LedgerValue> ValuesAsync(LedgerFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        var state = filter.State is { } wanted ? $"v.state = {Add(command, "state", Terms<ReadingState>.WordOf(wanted))}" : "v.state <> 'superseded'";
        await foreach (var value in source.ValuesAsync(command, state, Conditions(command, filter), cancellationToken))
        {
            yield return value;
        }
    }

    public async Task<long> CountAsync(LedgerFilter filter, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"select count(*) from readings r where {Conditions(command, filter)}";
        command.CommandTimeout = 0;
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    private string Conditions(DbCommand command, LedgerFilter filter)
    {
        List<string> conditions = [Everything];
        if (filter.From is { } from)
        {
            conditions.Add($"r.reading_at >= {Add(command, "from", source.Value(from))}");
        }

        if (filter.To is { } to)
        {
            conditions.Add($"r.reading_at < {Add(command, "to", source.Value(to))}");
        }

        if (filter.MeterId is { } meter)
        {
            conditions.Add($"r.meter_id = {Add(command, "meter", source.Value(meter.Value))}");
        }

        if (filter.Source is { } how)
        {
            conditions.Add($"r.source = {Add(command, "source", Terms<ReadingSource>.WordOf(how))}");
        }

        if (filter.AgentId is { } agent)
        {
            conditions.Add($"r.agent_id = {Add(command, "agent", source.Value(agent.Value))}");
        }

        if (filter.LocationId is { } location)
        {
            conditions.Add($"{source.Aside("r.meter_id")} in (select k.id from meters k join service_points p on p.id = k.service_point_id where p.location_id = {Add(command, "location", location)})");
        }

        if (filter.Regions is { } regions)
        {
            conditions.Add(MeterScope.SqlFrom(source.Provider, source.Aside("r.meter_id"), regions));
        }

        return string.Join(" and ", conditions);
    }

    internal static string Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = "@" + name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
        return parameter.ParameterName;
    }
}
