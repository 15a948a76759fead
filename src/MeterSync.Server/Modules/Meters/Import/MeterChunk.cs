using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Metering.Registers;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Requests;
using MeterSync.Modules.Meters.Store;
using MeterSync.Store;
using MeterSync.Store.Bulk;
using MeterSync.Store.Imports;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.Import;

/// <summary>Takes a few thousand rows at a time: looks their meters up with one question, then writes each table in one go.</summary>
internal sealed class MeterChunk(MeterSyncDb db, BulkStore bulk, SqlitePositions positions, IdSource ids, ImportRegions regions)
{
    private readonly List<MeterParts> made = [];
    private readonly List<MeterParts> changed = [];
    private readonly List<(Register Register, RegisterVersion Version)> furtherRegisters = [];
    private readonly List<MeterInstallation> installations = [];
    private readonly List<ImportBatchItem> items = [];

    /// <summary>Known meters that are different now.</summary>
    public List<MeterId> ChangedMeters { get; } = [];

    public int Created { get; private set; }

    public int Updated { get; private set; }

    public int Unchanged { get; private set; }

    /// <param name="rows">Rows without problems; no serial number twice.</param>
    /// <param name="batch">The import.</param>
    /// <param name="lookUp">False where no meter can be known yet.</param>
    /// <param name="refuse">Told of a row that cannot be taken, by its code, and why.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task SortAsync(IReadOnlyList<MeterRow> rows, ImportBatch batch, bool lookUp, Action<MeterRow, string, string> refuse, CancellationToken cancellationToken)
    {
        made.Clear();
        changed.Clear();
        furtherRegisters.Clear();
        installations.Clear();
        items.Clear();
        var known = lookUp ? await FindAsync(rows, cancellationToken) : [];
        foreach (var row in rows)
        {
            if (!known.TryGetValue(row.SerialNumber, out var found))
            {
                if (row.Region is null && regions.IsBounded)
                {
                    refuse(row, MeterProblems.RowRegionMissing, "You see the meters of named regions only: say in which of them this one is.");
                    continue;
                }

                Make(row, batch);
            }
            else if (!regions.Sees(found.Parts.Point.RegionId))
            {
                refuse(row, MeterProblems.RowNotYours, $"The serial number {row.SerialNumber} is taken by a meter that is not in your regions.");
            }
            else if (found.Parts.Meter.MeterType != row.Type)
            {
                refuse(row, MeterProblems.RowTypeDiffers, $"The meter {row.SerialNumber} is known as {Terms<MeterType>.WordOf(found.Parts.Meter.MeterType)}, not {Terms<MeterType>.WordOf(row.Type)}. Is it another meter, or the wrong type?");
            }
            else if (found.Parts.InStore && row.NamesPlace)
            {
                refuse(row, MeterProblems.RowInStore, $"The meter {row.SerialNumber} is in store, not at a place. Leave it out of the list, or leave the fields of the place empty; it is put in place by an exchange.");
            }
            else
            {
                Change(row, found.Parts, found.LastReadingAt, batch);
            }
        }
    }

    /// <summary>Writes what <see cref="SortAsync"/> found to do. Needs a transaction.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (made.Count > 0)
        {
            using (await positions.PauseAsync())
            {
                await bulk.InsertAsync(made.Where(parts => !parts.InStore).Select(parts => parts.Point), cancellationToken);
            }

            await bulk.InsertAsync(made.Select(parts => parts.Meter), cancellationToken);
            await bulk.InsertAsync(installations, cancellationToken);
            await bulk.InsertAsync(made.Select(parts => parts.Register!).Concat(furtherRegisters.Select(further => further.Register)), cancellationToken);
            await bulk.InsertAsync(made.Select(parts => parts.Version!).Concat(furtherRegisters.Select(further => further.Version)), cancellationToken);
        }

        if (changed.Count > 0)
        {
            await bulk.UpdateAsync(changed.Select(parts => parts.Meter), cancellationToken);
            await bulk.UpdateAsync(changed.Where(parts => !parts.InStore).Select(parts => parts.Point), cancellationToken);
            await bulk.UpdateAsync(changed.Where(parts => parts.Register is not null).Select(parts => parts.Register!), cancellationToken);
            await bulk.UpdateAsync(changed.Where(parts => parts.Version is not null).Select(parts => parts.Version!), cancellationToken);
        }

        if (items.Count > 0)
        {
            await bulk.InsertAsync(items, cancellationToken);
        }
    }

    private void Make(MeterRow row, ImportBatch batch)
    {
        var now = batch.CreatedAt;
        var point = new ServicePoint { Id = ids.Next<ServicePointId>(), CreatedAt = now, UpdatedAt = now };
        var meter = new Meter { Id = ids.Next<MeterId>(), SerialNumber = row.SerialNumber, MeterType = row.Type, ServicePointId = row.RemovedAt is null ? point.Id : null, CreatedAt = now, UpdatedAt = now };
        if (row.RemovedAt is { } removed)
        {
            (meter.Status, meter.RemovedAt) = (MeterStatus.OutOfService, removed.ToStored());
        }

        var (register, version) = RegisterOf(meter, row, 1);
        register.Label = row.RegisterLabel ?? register.Label;
        var parts = new MeterParts(meter, point, register, version);
        parts.Take(row);
        made.Add(parts);
        LabelRegisters(row, register, version);
        var ordinal = 1;
        foreach (var further in row.Further)
        {
            furtherRegisters.Add(RegisterOf(meter, further, ++ordinal));
        }

        if (!parts.InStore)
        {
            installations.Add(new MeterInstallation { MeterId = meter.Id, ServicePointId = point.Id, InstalledAt = row.InstalledAt?.ToStored() ?? RegisterVersion.Always });
        }

        items.Add(new ImportBatchItem { BatchId = batch.Id, EntityId = meter.Id.Value });
        Created++;
    }

    private (Register Register, RegisterVersion Version) RegisterOf(Meter meter, MeterRow row, int ordinal)
    {
        var (quantity, unit) = RegisterFields.QuantityAndUnit(row.Type, row.Quantity, row.Unit);
        var register = new Register
        {
            Id = ids.Next<RegisterId>(),
            MeterId = meter.Id,
            Ordinal = ordinal,
            Quantity = quantity,
            Kind = row.RegisterKind ?? default,
            Direction = row.Direction ?? default,
            ObisCode = row.ObisCode,
            CreatedAt = meter.CreatedAt,
        };
        var version = new RegisterVersion { RegisterId = register.Id, EffectiveFrom = RegisterVersion.Always, Unit = unit, Digits = row.Digits, Decimals = row.Decimals };
        version.Multiplier = row.Multiplier ?? version.Multiplier;
        register.Label = ordinal == 1 ? register.Label : row.RegisterLabel!;
        return (register, version);
    }

    private void LabelRegisters(MeterRow row, Register main, RegisterVersion version)
    {
        main.Label = row.Registers.Count > 0 ? row.Registers[0] : main.Label;
        for (var index = 1; index < row.Registers.Count; index++)
        {
            var register = new Register { Id = ids.Next<RegisterId>(), MeterId = main.MeterId, Ordinal = index + 1, Label = row.Registers[index], Quantity = main.Quantity, CreatedAt = main.CreatedAt };
            var configuration = new RegisterVersion { RegisterId = register.Id, EffectiveFrom = version.EffectiveFrom, Unit = version.Unit, Digits = version.Digits, Decimals = version.Decimals, Multiplier = version.Multiplier };
            furtherRegisters.Add((register, configuration));
        }
    }

    private void Change(MeterRow row, MeterParts parts, DateTimeOffset? lastReadingAt, ImportBatch batch)
    {
        var (before, version) = (parts.State, parts.Meter.Version);
        parts.Take(row);
        var after = parts.State;
        if (after == before)
        {
            Unchanged++;
            return;
        }

        parts.Meter.Version++;
        parts.Meter.UpdatedAt = parts.Point.UpdatedAt = batch.CreatedAt;
        changed.Add(parts);
        ChangedMeters.Add(parts.Meter.Id);
        var kept = new MeterBefore(version, before.Register != after.Register, lastReadingAt, before);
        items.Add(new ImportBatchItem { BatchId = batch.Id, EntityId = parts.Meter.Id.Value, Before = JsonSerializer.Serialize(kept, MeterImportJson.Default.MeterBefore) });
        Updated++;
    }

    private async Task<Dictionary<string, (MeterParts Parts, DateTimeOffset? LastReadingAt)>> FindAsync(IReadOnlyList<MeterRow> rows, CancellationToken cancellationToken)
    {
        var serials = rows.Select(row => row.SerialNumber).ToArray();
        var meters = await MeterPartsQuery.LoadAsync(db, await MeterPartsQuery.LockedBySerialAsync(db, serials, cancellationToken), cancellationToken);
        return meters.ToDictionary(found => found.Parts.Meter.SerialNumber, found => found, StringComparer.Ordinal);
    }
}
