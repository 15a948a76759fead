using System.Diagnostics.Metrics;
using MeterSync.Kernel;
using MeterSync.Kernel.Telemetry;
using MeterSync.Modules.Accounts.Domain;

namespace MeterSync.Modules.Accounts.Mailing;

/// <summary>Attempts to send a mail: sent, put_off or given_up; never to whom.</summary>
internal static class MailMetrics
{
    private static readonly Counter<long> Mails = Instrumentation.Meter.CreateCounter<long>("metersync.mails", "{attempt}", "Attempts to send a mail, by kind and how they ended");

    public static void Count(MailKind kind, string outcome) =>
        Mails.Add(1, new KeyValuePair<string, object?>("kind", Terms<MailKind>.WordOf(kind)), new KeyValuePair<string, object?>("outcome", outcome));
}
