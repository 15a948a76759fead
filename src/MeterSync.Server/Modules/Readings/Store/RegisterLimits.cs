using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Metering.Vee;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Readings.Store;

/// <summary>Stands on the same past as <see cref="JudgeReadings"/> would for a reading of the instant, so that a phone warns of what the server would question.</summary>
internal sealed class RegisterLimits(MeterSyncDb db, PlacePasts pasts) : IRegisterLimits
{
    private const int OlderValues = 4;

    public async Task<IReadOnlyDictionary<RegisterId, ExpectedLimits>> OfAsync(IReadOnlyCollection<MeterForReading> meters, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var registers = meters.SelectMany(meter => meter.Registers).Select(register => register.Id).ToList();
        if (registers.Count == 0)
        {
            return new Dictionary<RegisterId, ExpectedLimits>();
        }

        var since = meters.Min(meter => SinceOf(meter, at));
        var values = db.Set<ReadingValue>().AsNoTracking().Where(value => value.State == ReadingState.Accepted);
        var recent = await NewestAsync(values.Where(value => registers.Contains(value.RegisterId) && value.ReadingAt >= since), JudgeReadings.MostInOrder, cancellationToken);
        var silent = registers.FindAll(register => !recent.Contains(register));
        var older = silent.Count == 0 ? recent : await NewestAsync(values.Where(value => silent.Contains(value.RegisterId) && value.ReadingAt < since), OlderValues, cancellationToken);
        var segments = await pasts.OfAsync(meters, at, cancellationToken);
        var limits = new Dictionary<RegisterId, ExpectedLimits>(registers.Count);
        foreach (var meter in meters)
        {
            foreach (var register in meter.Registers)
            {
                List<AcceptedRow> rows = [.. recent[register.Id].Concat(older == recent ? [] : older[register.Id]).OrderBy(row => row.At).ThenBy(row => row.Id.Value.ToString(), StringComparer.Ordinal)];
                limits[register.Id] = new RegisterLedger(meter, register, rows, segments.GetValueOrDefault(register.Id)).LimitsAt(at);
            }
        }

        return limits;
    }

    private static DateTimeOffset SinceOf(MeterForReading meter, DateTimeOffset at) => (meter.Last is { } last && last.At < at ? last.At : at) - JudgeReadings.Past;

    /// <summary>The newest values of each register.</summary>
    private static async Task<ILookup<RegisterId, AcceptedRow>> NewestAsync(IQueryable<ReadingValue> values, int most, CancellationToken cancellationToken) =>
        (await values.Select(value => value.RegisterId).Distinct()
            .SelectMany(register => values.Where(value => value.RegisterId == register).OrderByDescending(value => value.ReadingAt).ThenByDescending(value => value.Id).Take(most))
            .Select(value => new AcceptedRow(value.Id, value.RegisterId, value.ReadingAt, value.Value, value.Quality, value.Flags, value.Consumption, null, null))
            .ToListAsync(cancellationToken)).ToLookup(row => row.RegisterId);
}
