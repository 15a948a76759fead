using MeterSync.Kernel;

namespace MeterSync.Modules.Sync;

internal static class FieldDeviceProblems
{
    public static readonly ProblemCode Revoked = new("sync.device_revoked", 403, "The office revoked this phone: it locks, keeps what it holds, and asks the office.");
    public static readonly ProblemCode NotFound = new("field_device.not_found", 404, "There is no such phone, or its agent is not yours to see.");
    public static readonly ProblemCode NoPerson = new("sync.no_person", 400, "Phones belong to people: whoever has no user account brings and fetches nothing.");
}
