using MeterSync.Store;
using MeterSync.Store.Audit;
using Microsoft.Extensions.Options;

namespace MeterSync.Host.Jobs;

/// <summary>Seals the audit log as it grows: within a second what this process wrote, within five what others did. Says where the log ends at its start and hourly,
/// so that the operator's own log keeps places to compare with.</summary>
internal sealed class AuditSealingWork(AuditSealer sealer, AuditSignal signal, AuditSealing state, IOptions<HostOptions> options, TimeProvider clock, ILogger<AuditSealingWork> log) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenAnchors = TimeSpan.FromHours(1);
    private const int BeatsBetweenLooks = 5;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Serves(Role.Worker))
        {
            return;
        }

        state.IsAtWork = true;
        using var timer = new PeriodicTimer(Beat, clock);
        long? anchored = null;
        for (var beat = 0; await timer.WaitForNextTickAsync(stoppingToken); beat++)
        {
            if (!signal.Take() && beat % BeatsBetweenLooks != 0)
            {
                continue;
            }

            try
            {
                await sealer.SealAsync(wait: false, stoppingToken);
                if (anchored is not { } last || clock.GetElapsedTime(last) >= BetweenAnchors)
                {
                    var head = await sealer.HeadAsync(stoppingToken);
                    log.LogInformation("The audit log ends at entry {Seq} with the hash {Hash}", head.Seq, Convert.ToHexStringLower(head.Hash));
                    anchored = clock.GetTimestamp();
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Tell(exception);
            }
        }
    }

    /// <summary>Whatever it is, sealing goes on at the next beat: entries wait meanwhile and none is lost.</summary>
    private void Tell(Exception exception)
    {
        var passing = StoreFaults.IsUnavailable(exception);
        state.Failed(exception is AuditKeyException ? exception.Message : passing ? "the database cannot be reached or is out of space." : "the log says why.");
        log.Log(passing ? LogLevel.Warning : LogLevel.Error, exception, "The audit log could not be sealed; trying again");
    }
}
