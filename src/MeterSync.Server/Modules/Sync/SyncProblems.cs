using MeterSync.Kernel;

namespace MeterSync.Modules.Sync;

internal static class SyncProblems
{
    public static readonly ProblemCode TooManyItems = new("sync.too_many_items", 413, "The batch has more items than one may have. Nothing of it was applied; send it in parts.");
    public static readonly ProblemCode DeviceMissing = new("sync.device_missing", 400, "The batch does not say which phone it comes from.");
    public static readonly ProblemCode ItemMalformed = new("sync.item_malformed", 400, "The item of a batch cannot be read. It is kept as it came, for a person to see.");
    public static readonly ProblemCode UnknownEntity = new("sync.unknown_entity", 400, "The item of a batch is of a kind that is not known here. It is kept as it came, for a person to see.");
    public static readonly ProblemCode ClientIdConflict = new("sync.client_id_conflict", 409, "The client_id belongs to something else, or to the same with other content. What came first counts; this is kept for a person to decide.");
    public static readonly ProblemCode FaultNotFound = new("sync.fault_not_found", 404, "There is no such conflict or quarantined item, or it is not yours to see.");
    public static readonly ProblemCode FaultResolved = new("sync.fault_resolved", 409, "Somebody has dealt with it already.");
    public static readonly ProblemCode RetryRefused = new("sync.retry_refused", 400, "It was tried again and refused again, for the reason the message gives.");
    public static readonly ProblemCode NotTakeable = new("sync.not_takeable", 400, "Only the second version of a reading can take the place of the first.");
    public static readonly ProblemCode ExportUnreadable = new("sync.export_unreadable", 400, "The file is no export of a phone, or not whole.");
    public static readonly ProblemCode ImportNotFound = new("sync.import_not_found", 404, "There is no such import of a phone's export, or it is not yours to see.");
    public static readonly ProblemCode ExportOwner = new("sync.export_owner", 400, "The person whose phone the file comes from is not known here, or may not come in any more.");
}
