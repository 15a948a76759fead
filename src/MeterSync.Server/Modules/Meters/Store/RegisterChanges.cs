using MeterSync.Kernel;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.Store;

/// <summary>A meter loaded together with its registers in order to change these.</summary>
internal sealed class RegisterChanges(MeterSyncDb db, MeterSaving saving, CallerAccessor callers, TimeProvider clock)
{
    /// <summary>One query. Refuses where there is no such meter or it is not at the version expected.</summary>
    public async Task<Outcome<MeterWithRegisters>> LoadAsync(MeterId id, int? expectedVersion, CancellationToken cancellationToken)
    {
        var rows = await (
            from meter in db.Set<Meter>().VisibleTo(db, callers.Caller)
            where meter.Id == id
            join register in db.Set<Register>() on meter.Id equals register.MeterId into registers
            from register in registers.DefaultIfEmpty()
            join version in db.Set<RegisterVersion>() on register.Id equals version.RegisterId into versions
            from version in versions.DefaultIfEmpty()
            orderby register.Ordinal, version.EffectiveFrom
            select new { Meter = meter, Register = register, Version = version }).ToListAsync(cancellationToken);
        if (rows.Count == 0)
        {
            return MeterProblems.MeterNotFound.Because("There is no such meter.");
        }

        var found = rows[0].Meter;
        if (expectedVersion is { } expected && expected != found.Version)
        {
            return KernelProblems.LostUpdate.Because($"The meter {found.SerialNumber} was changed since you read it: it is at version {found.Version}.");
        }

        return new MeterWithRegisters(found, [.. rows.Where(row => row.Register is not null).GroupBy(row => row.Register!.Id).Select(group => (group.First().Register!, group.Select(row => row.Version!).ToList()))]);
    }

    /// <summary>Saves what is pending; the version of the meter moves with its registers.</summary>
    public async Task SaveAsync(Meter meter, CancellationToken cancellationToken)
    {
        if (db.ChangeTracker.HasChanges())
        {
            meter.UpdatedAt = clock.GetUtcNow().ToStored();
            db.Entry(meter).Property(m => m.UpdatedAt).IsModified = true; // even at the same instant as before
            await saving.SaveAsync(meter.Id, cancellationToken);
        }
    }
}
