using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Meters.Requests;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Meters.Store;

/// <inheritdoc/>
internal sealed class MeterPlaces(MeterSyncDb db, RegisterChanges registers, IMeterRegistry meters, TimeProvider clock, IdSource ids) : IMeterPlaces
{
    public async Task<Outcome<MetersExchanged>> ExchangeAsync(MeterChangeover change, Func<MeterForReading, CancellationToken, Task<Problem?>> whenLocked, CancellationToken cancellationToken)
    {
        var known = await db.Set<Meter>().AsNoTracking().Where(meter => meter.SerialNumber == change.SerialNumber).Select(meter => (MeterId?)meter.Id).FirstOrDefaultAsync(cancellationToken);
        if (known == change.Old)
        {
            return KernelProblems.Invalid.For("serial_number", "The new meter has the serial number of the old one.");
        }

        var locked = await meters.LockAllAsync(known is { } other ? [change.Old, other] : [change.Old], cancellationToken);
        if (locked.FirstOrDefault(meter => meter.Id == change.Old) is not { } forReading)
        {
            return MeterProblems.MeterNotFound.Because("There is no such meter.");
        }

        var loaded = await registers.LoadAsync(change.Old, null, cancellationToken);
        if (!loaded.Succeeded)
        {
            return loaded.Problem;
        }

        var old = loaded.Value;
        if (old.Meter.ServicePointId is not { } pointId)
        {
            return ExchangeProblems.NotInstalled.Because($"The meter {old.Meter.SerialNumber} is at no service point{(old.Meter.RemovedAt is { } removed ? $"; it was taken away at {removed:yyyy-MM-dd HH:mm} UTC" : "")}.");
        }

        var installation = await db.Set<MeterInstallation>().FirstOrDefaultAsync(candidate => candidate.MeterId == change.Old && candidate.RemovedAt == null, cancellationToken);
        if (installation is not null && installation.InstalledAt >= change.At)
        {
            return ExchangeProblems.TooEarly.For("exchanged_at", $"The meter {old.Meter.SerialNumber} was installed at {installation.InstalledAt:yyyy-MM-dd HH:mm} UTC only.");
        }

        var stored = known is { } id ? await FindStoredAsync(id, change, old, cancellationToken) : (Outcome<MeterWithRegisters>?)null;
        if (stored is { Succeeded: false, Problem: { } refusal })
        {
            return refusal;
        }

        if (await whenLocked(forReading, cancellationToken) is { } problem)
        {
            return problem;
        }

        var now = clock.GetUtcNow().ToStored();
        var (oldStatus, newStatus) = (old.Meter.Status, stored?.Value?.Meter.Status);
        var following = stored?.Value ?? Make(change, old, now);
        if (installation is null)
        {
            db.Add(new MeterInstallation { MeterId = change.Old, ServicePointId = pointId, InstalledAt = RegisterVersion.Always, RemovedAt = change.At });
        }
        else
        {
            installation.RemovedAt = change.At;
        }

        (old.Meter.Status, old.Meter.ServicePointId, old.Meter.RemovedAt, old.Meter.UpdatedAt) = (MeterStatus.OutOfService, null, change.At, now);
        old.Meter.SearchText = Meter.SearchTextOf(old.Meter.SerialNumber);
        await InstallAsync(following, old, pointId, change.At, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return new MetersExchanged(await meters.FindAnyAsync(following.Meter.Id, cancellationToken), pointId, oldStatus, newStatus);
    }

    public async Task<Problem?> PutBackAsync(MeterChangeback change, CancellationToken cancellationToken)
    {
        var old = await db.Set<Meter>().FirstAsync(meter => meter.Id == change.Old, cancellationToken);
        var following = await db.Set<Meter>().FirstAsync(meter => meter.Id == change.New, cancellationToken);
        if (following.ServicePointId != change.Point || following.SegmentFrom != change.At || old.ServicePointId is not null || old.RemovedAt != change.At)
        {
            return ExchangeProblems.NotLast.Because($"The meter {(old.ServicePointId is null && old.RemovedAt == change.At ? following.SerialNumber : old.SerialNumber)} was moved again after the exchange.");
        }

        var installations = await db.Set<MeterInstallation>().Where(row => (row.MeterId == change.New && row.InstalledAt == change.At) || (row.MeterId == change.Old && row.RemovedAt == change.At)).ToListAsync(cancellationToken);
        var now = clock.GetUtcNow().ToStored();
        db.RemoveRange(installations.Where(row => row.MeterId == change.New));
        foreach (var row in installations.Where(row => row.MeterId == change.Old))
        {
            row.RemovedAt = null;
        }

        var (segmentFrom, removedAt) = await LinkAsBeforeAsync(change, cancellationToken);
        var point = await db.Set<ServicePoint>().AsNoTracking().FirstAsync(place => place.Id == change.Point, cancellationToken);
        (following.ServicePointId, following.Status, following.SegmentFrom, following.RemovedAt, following.UpdatedAt) = (null, change.NewStatus ?? MeterStatus.Inactive, segmentFrom, removedAt, now);
        following.SearchText = Meter.SearchTextOf(following.SerialNumber);
        (old.ServicePointId, old.Status, old.RemovedAt, old.UpdatedAt) = (change.Point, change.OldStatus, null, now);
        old.SearchText = Meter.SearchTextOf(old.SerialNumber, point.Address, point.Owner);
        await db.SaveChangesAsync(cancellationToken);
        return null;
    }

    /// <summary>Where the new meter was last before the exchange that is undone, as its installations say, whether an exchange put it there or somebody's change of the meter. Its registers
    /// go on with those of the meter they followed there; with none where they followed none.</summary>
    private async Task<(DateTimeOffset? SegmentFrom, DateTimeOffset? RemovedAt)> LinkAsBeforeAsync(MeterChangeback change, CancellationToken cancellationToken)
    {
        var places = await db.Set<MeterInstallation>().AsNoTracking().Where(row => row.MeterId == change.New && row.InstalledAt != change.At).OrderBy(row => row.InstalledAt).ToListAsync(cancellationToken);
        var last = places.LastOrDefault();
        var before = last is null ? null : await db.Set<MeterInstallation>()
            .Where(other => other.ServicePointId == last.ServicePointId && other.RemovedAt == last.InstalledAt && other.MeterId != change.New)
            .Select(other => (MeterId?)other.MeterId).FirstOrDefaultAsync(cancellationToken);
        var following = await LoadAnyAsync(change.New, cancellationToken);
        foreach (var (register, _) in following.Registers)
        {
            register.PredecessorId = null;
        }

        if (before is { } old)
        {
            RegisterMatch.Link(await LoadAnyAsync(old, cancellationToken), following, last!.InstalledAt);
        }

        return (before is not null || places.Count > 1 ? last!.InstalledAt : null, last?.RemovedAt);
    }

    /// <summary>Whoever asks.</summary>
    private async Task<MeterWithRegisters> LoadAnyAsync(MeterId id, CancellationToken cancellationToken)
    {
        var meter = await db.Set<Meter>().FirstAsync(candidate => candidate.Id == id, cancellationToken);
        var rows = await (
            from register in db.Set<Register>()
            where register.MeterId == id
            join version in db.Set<RegisterVersion>() on register.Id equals version.RegisterId
            orderby register.Ordinal, version.EffectiveFrom
            select new { Register = register, Version = version }).ToListAsync(cancellationToken);
        return new MeterWithRegisters(meter, [.. rows.GroupBy(row => row.Register.Id).Select(group => (group.First().Register, group.Select(row => row.Version).ToList()))]);
    }

    public async Task<IReadOnlyDictionary<MeterId, string>> SerialNumbersAsync(IReadOnlyCollection<MeterId> of, CancellationToken cancellationToken) =>
        await db.Set<Meter>().Where(meter => of.Contains(meter.Id)).Select(meter => new { meter.Id, meter.SerialNumber }).ToDictionaryAsync(row => row.Id, row => row.SerialNumber, cancellationToken);

    public async Task<Problem?> RefuseSerialAsync(string serialNumber, CancellationToken cancellationToken) =>
        await db.Set<Meter>().AsNoTracking().AnyAsync(meter => meter.SerialNumber == serialNumber, cancellationToken) ? Taken(serialNumber) : null;

    private async Task<Outcome<MeterWithRegisters>> FindStoredAsync(MeterId id, MeterChangeover change, MeterWithRegisters old, CancellationToken cancellationToken)
    {
        var loaded = await registers.LoadAsync(id, null, cancellationToken);
        if (!loaded.Succeeded)
        {
            return Taken(change.SerialNumber); // nobody learns more of a meter that is not theirs to see
        }

        var meter = loaded.Value.Meter;
        if (meter.ServicePointId is not null)
        {
            return ExchangeProblems.InstalledElsewhere.For("serial_number", $"The meter {meter.SerialNumber} is installed at another service point.");
        }

        if (change.Registers is not null)
        {
            return KernelProblems.Invalid.For("registers", $"The meter {meter.SerialNumber} is known and has registers of its own; leave them out.");
        }

        if (meter.MeterType != old.Meter.MeterType)
        {
            return ExchangeProblems.RegistersDiffer.For("serial_number", $"The meter {meter.SerialNumber} is for {Terms<MeterType>.WordOf(meter.MeterType)}, the old one for {Terms<MeterType>.WordOf(old.Meter.MeterType)}.");
        }

        if (RegisterMatch.Missing(old, loaded.Value, change.At) is { } missing)
        {
            return ExchangeProblems.RegistersDiffer.For("serial_number", $"The meter {meter.SerialNumber} has no register for {missing}, which the old one has.");
        }

        return await RefuseReadAsync(meter, change.At, cancellationToken) is { } later ? later : loaded;
    }

    private async Task<Problem?> RefuseReadAsync(Meter meter, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var last = await db.Set<MeterLastReading>().AsNoTracking().FirstOrDefaultAsync(row => row.MeterId == meter.Id, cancellationToken);
        // A value of the instant itself would be the last of one place and the first of the next.
        return last?.ReadingAt >= at || meter.RemovedAt >= at
            ? ExchangeProblems.TooEarly.For("exchanged_at", $"The meter {meter.SerialNumber} was read or taken from another place then, or later.")
            : null;
    }

    private MeterWithRegisters Make(MeterChangeover change, MeterWithRegisters old, DateTimeOffset now)
    {
        var meter = new Meter { Id = ids.Next<MeterId>(), SerialNumber = change.SerialNumber, MeterType = old.Meter.MeterType, CreatedAt = now, UpdatedAt = now };
        var made = change.Registers is { } described
            ? described.Select((register, index) => RequestOf(register).Make(ids, meter, index + 1, now)).ToList()
            : old.Registers.Select(pair => RegisterMatch.Copy(pair.Register, RegisterMatch.At(pair.Versions, change.At), meter.Id, ids, now)).ToList();
        db.Add(meter);
        db.AddRange(made.Select(pair => pair.Register));
        db.AddRange(made.Select(pair => pair.Version));
        return new MeterWithRegisters(meter, made.ConvertAll(pair => (pair.Register, new List<RegisterVersion> { pair.Version })));
    }

    private async Task InstallAsync(MeterWithRegisters following, MeterWithRegisters old, ServicePointId place, DateTimeOffset at, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (meter, point) = (following.Meter, await db.Set<ServicePoint>().AsNoTracking().FirstAsync(candidate => candidate.Id == place, cancellationToken));
        (meter.Status, meter.ServicePointId, meter.SegmentFrom, meter.RemovedAt, meter.UpdatedAt) = (MeterStatus.Active, place, at, null, now);
        (meter.Priority, meter.EstimatedMinutes, meter.RequiresPhoto) = (old.Meter.Priority, meter.EstimatedMinutes ?? old.Meter.EstimatedMinutes, meter.RequiresPhoto || old.Meter.RequiresPhoto);
        meter.SearchText = Meter.SearchTextOf(meter.SerialNumber, point.Address, point.Owner);
        db.Add(new MeterInstallation { MeterId = meter.Id, ServicePointId = place, InstalledAt = at });
        RegisterMatch.Link(old, following, at);
    }

    private static RegisterRequest RequestOf(NewRegister register) => new()
    {
        Label = register.Label,
        Quantity = register.Quantity,
        Unit = register.Unit,
        Digits = register.Digits,
        Decimals = register.Decimals,
        Multiplier = register.Multiplier,
        Kind = register.Kind,
        Direction = register.Direction,
        ObisCode = register.ObisCode,
        RunsBackwards = register.RunsBackwards,
        MaximumUsePerDay = register.MaximumUsePerDay,
    };

    private static Problem Taken(string serialNumber) => MeterProblems.SerialTaken.For("serial_number", $"Another meter has the serial number {serialNumber}.");
}
