using MeterSync.Kernel;

namespace MeterSync.Store.Jobs;

/// <summary>Whose jobs somebody sees. What a job says, and the file it wrote, may speak of any meter: whoever does not see all of them sees own jobs only.</summary>
internal static class VisibleJobs
{
    public static bool IsOwnOnly(Caller caller) => caller.OwnOnly is not null || caller.RegionsOnly is not null;

    public static IQueryable<Job> VisibleTo(this IQueryable<Job> jobs, Caller caller)
    {
        if (!IsOwnOnly(caller))
        {
            return jobs;
        }

        // Jobs of the operator at the machine have no user: nobody else's they are, either.
        var own = caller.UserId ?? new UserId(Guid.Empty);
        return jobs.Where(job => job.CreatedBy == own);
    }
}
