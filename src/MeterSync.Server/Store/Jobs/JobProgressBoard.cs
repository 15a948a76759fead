using System.Collections.Concurrent;
using MeterSync.Kernel;

namespace MeterSync.Store.Jobs;

/// <summary>How far this process's running jobs are, to the moment.</summary>
internal sealed class JobProgressBoard
{
    private readonly ConcurrentDictionary<JobId, (double Percent, string? Line)> running = new();

    public void Set(JobId id, double percent, string line) => running[id] = (percent, line);

    public void Remove(JobId id) => running.TryRemove(id, out _);

    public (double Percent, string? Line)? Find(JobId id) => running.TryGetValue(id, out var progress) ? progress : null;
}
