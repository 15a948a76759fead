namespace MeterSync.Modules.Audit.Store;

/// <summary>What starting a verification and asking about it share.</summary>
internal static class Verifications
{
    public const string JobKind = "audit.verify";
}
