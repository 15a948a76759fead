using MeterSync.Kernel;

namespace MeterSync.Modules.Meters;

internal static class RegionProblems
{
    public static readonly ProblemCode NotFound = new("region.not_found", 404, "There is no such region, or it is not yours to see.");
    public static readonly ProblemCode NameTaken = new("region.name_taken", 409, "Another region has this name.");
    public static readonly ProblemCode InUse = new("region.in_use", 409, "Service points lie in the region; move them to another one first.");
}
