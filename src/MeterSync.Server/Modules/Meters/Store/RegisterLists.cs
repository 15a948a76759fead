using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.Store;

/// <inheritdoc/>
internal sealed class RegisterLists(KnownRegisters known, MeterSyncDbFactory factory, StoreSession session) : IRegisterLists
{
    public async ValueTask<IReadOnlyDictionary<MeterId, ListedMeter>> OfAsync(IReadOnlyDictionary<MeterId, int> meters, CancellationToken cancellationToken)
    {
        var found = new Dictionary<MeterId, ListedMeter>(meters.Count);
        var missing = known.Find(meters, found);
        if (missing.Count > 0)
        {
            await using var db = factory.Create(session);
            var rows = await (
                from meter in db.Set<Meter>().AsNoTracking()
                where missing.Contains(meter.Id)
                join register in db.Set<Register>() on meter.Id equals register.MeterId
                join version in db.Set<RegisterVersion>() on register.Id equals version.RegisterId
                orderby meter.Id, register.Ordinal, version.EffectiveFrom
                select new { meter.Id, meter.SerialNumber, meter.Version, Register = register, Configuration = version }).ToListAsync(cancellationToken);
            foreach (var meter in rows.GroupBy(row => (row.Id, row.SerialNumber, row.Version)))
            {
                var listed = new ListedMeter(meter.Key.SerialNumber, meter.Key.Version, [.. meter.GroupBy(row => row.Register.Id).Select(register => MeterRegistry.RegisterOf(register.First().Register, register.Select(row => row.Configuration)))]);
                if (meters.GetValueOrDefault(meter.Key.Id) > 0)
                {
                    known.Note(meter.Key.Id, listed);
                }

                found[meter.Key.Id] = listed;
            }
        }

        return found;
    }
}

/// <summary>Registers of meters read lately, each good for the version of the meter it was read at: never out of date, whichever process made the change.</summary>
internal sealed class KnownRegisters
{
    /// <summary>Configurations of registers, about half a kilobyte each; when full it begins again.</summary>
    private const int MostKept = 20_000;

    private readonly Lock gate = new();
    private readonly Dictionary<MeterId, ListedMeter> kept = [];
    private int configurations;

    /// <summary>Adds what is known to <paramref name="found"/> and returns the meters that are not.</summary>
    public List<MeterId> Find(IReadOnlyDictionary<MeterId, int> meters, Dictionary<MeterId, ListedMeter> found)
    {
        List<MeterId> missing = [];
        lock (gate)
        {
            foreach (var (meter, version) in meters)
            {
                if (kept.TryGetValue(meter, out var at) && at.Version == version)
                {
                    found[meter] = at;
                }
                else
                {
                    missing.Add(meter);
                }
            }
        }

        return missing;
    }

    public void Note(MeterId meter, ListedMeter listed)
    {
        lock (gate)
        {
            if (configurations >= MostKept)
            {
                kept.Clear();
                configurations = 0;
            }

            configurations += listed.Registers.Sum(register => register.Configurations.Count);
            kept[meter] = listed;
        }
    }
}
