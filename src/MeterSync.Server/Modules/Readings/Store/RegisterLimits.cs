using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Metering.Vee;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Domain;
using MeterSync.Modules.Readings.Public;

namespace MeterSync.Modules.Readings.Store;

/// <summary>Stands on the same past as <see cref="JudgeReadings"/> would for a reading of the instant, so that a phone warns of what the server would question.</summary>
internal sealed class RegisterLimits(NewestValues newest, PlacePasts pasts) : IRegisterLimits
{
    private const int OlderValues = 4;

    public async Task<IReadOnlyDictionary<RegisterId, ExpectedLimits>> OfAsync(IReadOnlyCollection<MeterForReading> meters, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (meters.Count == 0)
        {
            return new Dictionary<RegisterId, ExpectedLimits>();
        }

        var wanted = meters.SelectMany(meter => meter.Registers.Select(register => new WantedValues(register.Id, at, SinceOf(meter, at), NewestValues.Ever, JudgeReadings.MostInOrder))).ToList();
        var recent = await newest.OfAsync(wanted, cancellationToken);
        var silent = wanted.Where(one => !recent.ContainsKey(one.Register)).Select(one => one with { Since = DateTimeOffset.MinValue, Until = one.Since, Most = OlderValues }).ToList();
        var older = silent.Count == 0 ? [] : await newest.OfAsync(silent, cancellationToken);
        var segments = await pasts.OfAsync(meters, at, cancellationToken);
        var limits = new Dictionary<RegisterId, ExpectedLimits>(wanted.Count);
        foreach (var meter in meters)
        {
            foreach (var register in meter.Registers)
            {
                var rows = recent.GetValueOrDefault(register.Id) ?? older.GetValueOrDefault(register.Id) ?? [];
                limits[register.Id] = new RegisterLedger(meter, register, rows, segments.GetValueOrDefault(register.Id)).LimitsAt(at);
            }
        }

        return limits;
    }

    private static DateTimeOffset SinceOf(MeterForReading meter, DateTimeOffset at) => (meter.Last is { } last && last.At < at ? last.At : at) - JudgeReadings.Past;
}
