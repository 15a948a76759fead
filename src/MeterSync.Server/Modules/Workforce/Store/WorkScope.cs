using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>Which of the workforce's rows somebody sees: agents their own, people bounded to regions those of their regions.</summary>
internal static class WorkScope
{
    public static IQueryable<Agent> VisibleTo(this IQueryable<Agent> agents, Caller caller)
    {
        if (caller.OwnOnly is { } own)
        {
            return agents.Where(agent => agent.Id == own);
        }

        if (caller.RegionsOnly is not { } regions)
        {
            return agents;
        }

        List<RegionId?> wanted = [.. regions.Select(region => (RegionId?)region)];
        return agents.Where(agent => wanted.Contains(agent.RegionId));
    }

    public static IQueryable<ReadingFact> VisibleTo(this IQueryable<ReadingFact> readings, MeterSyncDb db, Caller caller) =>
        caller.OwnOnly is { } own ? readings.Where(reading => reading.AgentId == own)
        : caller.RegionsOnly is { } regions ? readings.Where(reading => db.MetersFrom(regions).Contains(reading.MeterId))
        : readings;

    public static IQueryable<Assignment> VisibleTo(this IQueryable<Assignment> work, MeterSyncDb db, Caller caller) =>
        caller.OwnOnly is { } own ? work.Where(assignment => assignment.AgentId == own)
        : caller.RegionsOnly is { } regions ? work.Where(assignment => db.MetersFrom(regions).Contains(assignment.MeterId))
        : work;

    public static IQueryable<Skip> VisibleTo(this IQueryable<Skip> skips, MeterSyncDb db, Caller caller) =>
        caller.OwnOnly is { } own ? skips.Where(skip => skip.AgentId == own)
        : caller.RegionsOnly is { } regions ? skips.Where(skip => db.MetersFrom(regions).Contains(skip.MeterId))
        : skips;

    public static IQueryable<FollowUp> VisibleTo(this IQueryable<FollowUp> followUps, MeterSyncDb db, Caller caller) =>
        caller.OwnOnly is { } own ? followUps.Where(followUp => db.Set<Assignment>().Any(work => work.MeterId == followUp.MeterId && work.AgentId == own && work.ReleasedAt == null))
        : caller.RegionsOnly is { } regions ? followUps.Where(followUp => db.MetersFrom(regions).Contains(followUp.MeterId))
        : followUps;

    public static IQueryable<Visit> VisibleTo(this IQueryable<Visit> visits, MeterSyncDb db, Caller caller) =>
        caller.OwnOnly is { } own ? visits.Where(visit => visit.AgentId == own)
        : caller.RegionsOnly is { } regions ? visits.Where(visit => db.MetersFrom(regions).Contains(visit.MeterId))
        : visits;

    /// <summary>A meter that was found lies nowhere until it is made: it is seen by whoever sees who found it.</summary>
    public static IQueryable<ApprovalRequest> VisibleTo(this IQueryable<ApprovalRequest> requests, MeterSyncDb db, Caller caller)
    {
        if (caller.OwnOnly is { } own)
        {
            return requests.Where(request => request.AgentId == own);
        }

        if (caller.RegionsOnly is not { } regions)
        {
            return requests;
        }

        var (meters, finders) = (db.MetersFrom(regions).Select(meter => (MeterId?)meter), db.Set<Agent>().VisibleTo(caller).Select(agent => agent.Id));
        return requests.Where(request => request.MeterId == null ? finders.Contains(request.AgentId) : meters.Contains(request.MeterId));
    }

    /// <summary>A cycle of no region shows to everybody, since its meters lie in many; what is counted in it is bounded apart.</summary>
    public static IQueryable<ReadCycle> VisibleTo(this IQueryable<ReadCycle> cycles, MeterSyncDb db, Caller caller)
    {
        if (caller.OwnOnly is { } own)
        {
            return cycles.Where(cycle => db.Set<Assignment>().Any(work => work.AgentId == own && work.CycleId == cycle.Id));
        }

        if (caller.RegionsOnly is not { } regions)
        {
            return cycles;
        }

        List<RegionId?> wanted = [.. regions.Select(region => (RegionId?)region)];
        return cycles.Where(cycle => cycle.RegionId == null || wanted.Contains(cycle.RegionId));
    }

    public static IQueryable<WalkRoute> VisibleTo(this IQueryable<WalkRoute> routes, Caller caller)
    {
        if (caller.OwnOnly is { } own)
        {
            return routes.Where(route => route.AgentId == own);
        }

        if (caller.RegionsOnly is not { } regions)
        {
            return routes;
        }

        List<RegionId?> wanted = [.. regions.Select(region => (RegionId?)region)];
        return routes.Where(route => wanted.Contains(route.RegionId));
    }
}
