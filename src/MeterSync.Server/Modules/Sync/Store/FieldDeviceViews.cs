using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Sync.Domain;
using MeterSync.Modules.Workforce.Public;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Sync.Store;

/// <summary>Reads phones as the API shows them, as far as the caller sees their users: people bounded to regions see those of the agents of their regions.</summary>
internal sealed class FieldDeviceViews(MeterSyncDb db, IPersonNames names, CallerAccessor callers)
{
    public IQueryable<FieldDevice> Visible()
    {
        var (devices, caller) = (db.Set<FieldDevice>().AsNoTracking(), callers.Caller);
        if (caller.OwnOnly is { } own)
        {
            return devices.Where(device => device.UserId == own);
        }

        if (caller.RegionsOnly is null)
        {
            return devices;
        }

        var agents = db.OfAgents(caller);
        return devices.Where(device => agents.Contains(device.UserId));
    }

    public async Task<FieldDeviceView?> FindAsync(FieldDeviceId id, CancellationToken cancellationToken) =>
        await Visible().FirstOrDefaultAsync(device => device.Id == id, cancellationToken) is { } found ? (await OfAsync([found], cancellationToken))[0] : null;

    /// <summary>Two queries for any number.</summary>
    public async Task<IReadOnlyList<FieldDeviceView>> OfAsync(IReadOnlyList<FieldDevice> devices, CancellationToken cancellationToken)
    {
        List<FieldDeviceId> ids = [.. devices.Select(device => device.Id)];
        var faults = await db.Set<SyncFault>().Where(fault => ids.Contains(fault.DeviceId) && fault.Status == SyncFaultStatus.Open).GroupBy(fault => fault.DeviceId)
            .Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count, cancellationToken);
        var called = await names.FindAsync([.. devices.Select(device => device.UserId).Distinct()], cancellationToken);
        return [.. devices.Select(device => FieldDeviceView.Of(device, called.GetValueOrDefault(device.UserId), faults.GetValueOrDefault(device.Id)))];
    }
}
