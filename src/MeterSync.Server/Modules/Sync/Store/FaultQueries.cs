using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Modules.Workforce.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Sync.Store;

internal sealed record FaultFilter(SyncFaultKind Kind, SyncFaultStatus? Status, Guid? UserId, int Page, int Limit);

/// <summary>Conflicts and quarantined items as callers may see them: agents their own, who is bound to regions those of these regions' agents.</summary>
internal sealed class FaultQueries(MeterSyncDb db, FieldDeviceViews phones, IPersonNames names, CallerAccessor callers)
{
    private const long MostBytesOfPage = 8 * 1024 * 1024;
    private static readonly byte[] Nothing = [];

    public IQueryable<SyncFault> Visible()
    {
        var faults = db.Set<SyncFault>().AsQueryable();
        return callers.Caller.OwnOnly is { } me ? faults.Where(fault => fault.UserId == me)
            : callers.Caller.RegionsOnly is not null ? faults.Where(fault => db.OfAgents(callers.Caller).Contains(fault.UserId))
            : faults;
    }

    /// <summary>Phones, by the same rule. Not tracked.</summary>
    public IQueryable<FieldDevice> VisibleDevices() => phones.Visible();

    public async Task<Page<FaultView>> ListAsync(FaultFilter filter, CancellationToken cancellationToken)
    {
        var faults = Visible().AsNoTracking().Where(fault => fault.Kind == filter.Kind);
        faults = filter.Status is { } status ? faults.Where(fault => fault.Status == status) : faults;
        faults = filter.UserId is { } user ? faults.Where(fault => fault.UserId == new UserId(user)) : faults;
        var total = await faults.Take(PageRules.CountCap + 1).CountAsync(cancellationToken);
        var page = await faults.OrderByDescending(fault => fault.ReceivedAt).ThenByDescending(fault => fault.Id).Skip((filter.Page - 1) * filter.Limit).Take(filter.Limit)
            .Select(fault => new { fault.Id, fault.Raw.Length }).ToListAsync(cancellationToken);
        var whole = new List<SyncFaultId>(page.Count);
        var bytes = 0L;
        foreach (var row in page.TakeWhile((row, index) => (bytes += row.Length) <= MostBytesOfPage || index == 0))
        {
            whole.Add(row.Id);
        }

        var rows = await LoadAsync(page.ConvertAll(row => row.Id), whole, cancellationToken);
        var sizes = page.ToDictionary(row => row.Id, row => row.Length);
        return Paging.Numbered([.. (await ShowAsync(rows, cancellationToken)).Select(view => view with { RawSize = sizes[new SyncFaultId(view.Id)] })], total, filter.Page, filter.Limit);
    }

    /// <summary>In their order; those that are not among the whole ones without their bytes.</summary>
    private async Task<IReadOnlyList<SyncFault>> LoadAsync(List<SyncFaultId> page, List<SyncFaultId> whole, CancellationToken cancellationToken)
    {
        var rows = await db.Set<SyncFault>().AsNoTracking().Where(fault => page.Contains(fault.Id)).Select(fault => new SyncFault
        {
            Id = fault.Id,
            Kind = fault.Kind,
            DeviceId = fault.DeviceId,
            UserId = fault.UserId,
            BatchId = fault.BatchId,
            ClientId = fault.ClientId,
            Entity = fault.Entity,
            Raw = whole.Contains(fault.Id) ? fault.Raw : Nothing,
            Code = fault.Code,
            Message = fault.Message,
            Explanation = fault.Explanation,
            ReceivedAt = fault.ReceivedAt,
            Times = fault.Times,
            Status = fault.Status,
            Resolution = fault.Resolution,
            ResolvedAt = fault.ResolvedAt,
            ResolvedBy = fault.ResolvedBy,
            Note = fault.Note,
            Version = fault.Version,
        }).ToDictionaryAsync(fault => fault.Id, cancellationToken);
        return [.. page.Where(rows.ContainsKey).Select(id => rows[id])];
    }

    public async Task<IReadOnlyList<FaultView>> ShowAsync(IReadOnlyList<SyncFault> rows, CancellationToken cancellationToken)
    {
        List<FieldDeviceId> devices = [.. rows.Select(fault => fault.DeviceId).Distinct()];
        var keys = await db.Set<FieldDevice>().Where(device => devices.Contains(device.Id)).Select(device => new { device.Id, device.DeviceKey }).ToDictionaryAsync(row => row.Id, row => row.DeviceKey, cancellationToken);
        List<Guid> conflicts = [.. rows.Where(fault => fault.Kind == SyncFaultKind.Conflict).Select(fault => fault.ClientId).OfType<Guid>()];
        var firsts = conflicts.Count == 0 ? [] : await (
            from item in db.Set<SyncItem>().AsNoTracking()
            join device in db.Set<FieldDevice>() on item.DeviceId equals device.Id
            where conflicts.Contains(item.ClientId)
            select new { Item = item, device.UserId }).ToListAsync(cancellationToken);
        var people = await names.FindAsync([.. rows.Select(fault => fault.UserId).Distinct()], cancellationToken);
        return [.. rows.Select(fault => FaultView.Of(
            fault, keys.GetValueOrDefault(fault.DeviceId, ""), people.GetValueOrDefault(fault.UserId), firsts.Find(first => first.Item.ClientId == fault.ClientId && first.UserId == fault.UserId)?.Item))];
    }
}

/// <summary>The query of a list of conflicts or quarantined items.</summary>
internal sealed record FaultListRequest : IPageRequest
{
    /// <summary>open where left out; resolved, or all.</summary>
    [System.ComponentModel.DataAnnotations.AllowedValues("open", "resolved", "all", null, ErrorMessage = "The status is one of: open, resolved, all.")]
    public string? Status { get; init; }

    /// <summary>Whose phone.</summary>
    [Microsoft.AspNetCore.Mvc.FromQuery(Name = "user_id")]
    public Guid? UserId { get; init; }

    [PageNumber]
    public int? Page { get; init; }

    [PageLimit]
    public int? Limit { get; init; }

    public FaultFilter Of(SyncFaultKind kind) => new(kind, Status == "all" ? null : Terms<SyncFaultStatus>.ParseOptional(Status) ?? SyncFaultStatus.Open, UserId, this.PageOrDefault(), this.LimitOrDefault());
}
