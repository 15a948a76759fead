using System.Diagnostics.Metrics;

namespace MeterSync.Kernel.Limits;

/// <summary>What the limits did, as metrics.</summary>
public sealed class LimitMeter
{
    public const string MeterName = "MeterSync";
    private readonly Counter<long> refused;
    private readonly Counter<long> failedSignIns;

    public LimitMeter(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        refused = meter.CreateCounter<long>("metersync.requests.refused", "{request}", "Requests refused by a limit or by the block list, by reason.");
        failedSignIns = meter.CreateCounter<long>("metersync.signin.failures", "{attempt}", "Sign-ins with a wrong name or password.");
    }

    /// <param name="reason">A word of a small set: a bucket, or what stands in for one.</param>
    public void CountRefusal(string reason) => refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void CountFailedSignIn() => failedSignIns.Add(1);
}
