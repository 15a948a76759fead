namespace MeterSync.Modules.Workforce;

internal static class JobKinds
{
    public const string CloseCycle = "cycle.close";
}
