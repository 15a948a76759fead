namespace MeterSync.Store.Audit;

/// <summary>Tells this process's sealer that there may be something to seal; other processes' entries it finds at its next look.</summary>
internal sealed class AuditSignal
{
    private volatile bool raised;

    public void Raise() => raised = true;

    /// <summary>Whether it was raised since the last time.</summary>
    public bool Take()
    {
        var was = raised;
        raised = false;
        return was;
    }
}
