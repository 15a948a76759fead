using System.Diagnostics.CodeAnalysis;

namespace MeterSync.Kernel;

/// <summary>An id of whatever kind.</summary>
public interface ITypedId
{
    Guid Value { get; }
}

/// <summary>An id that only fits its own kind of thing: a <see cref="MeterId"/> passed where a <see cref="RegisterId"/> is wanted does not compile.</summary>
public interface ITypedId<TSelf> : ITypedId
    where TSelf : struct, ITypedId<TSelf>
{
    [SuppressMessage("Design", "CA1000", Justification = "The static factory is the point of the self-typed interface.")]
    static abstract TSelf From(Guid value);
}

public readonly record struct UserId(Guid Value) : ITypedId<UserId>
{
    public static UserId From(Guid value) => new(value);
}

public readonly record struct SessionId(Guid Value) : ITypedId<SessionId>
{
    public static SessionId From(Guid value) => new(value);
}

public readonly record struct RoleId(Guid Value) : ITypedId<RoleId>
{
    public static RoleId From(Guid value) => new(value);
}

public readonly record struct ApiKeyId(Guid Value) : ITypedId<ApiKeyId>
{
    public static ApiKeyId From(Guid value) => new(value);
}

public readonly record struct MailId(Guid Value) : ITypedId<MailId>
{
    public static MailId From(Guid value) => new(value);
}

public readonly record struct RegionId(Guid Value) : ITypedId<RegionId>
{
    public static RegionId From(Guid value) => new(value);
}

public readonly record struct ServicePointId(Guid Value) : ITypedId<ServicePointId>
{
    public static ServicePointId From(Guid value) => new(value);
}

public readonly record struct MeterId(Guid Value) : ITypedId<MeterId>
{
    public static MeterId From(Guid value) => new(value);
}

public readonly record struct RegisterId(Guid Value) : ITypedId<RegisterId>
{
    public static RegisterId From(Guid value) => new(value);
}

public readonly record struct ReadingId(Guid Value) : ITypedId<ReadingId>
{
    public static ReadingId From(Guid value) => new(value);
}

public readonly record struct ReadingValueId(Guid Value) : ITypedId<ReadingValueId>
{
    public static ReadingValueId From(Guid value) => new(value);
}

public readonly record struct ReReadId(Guid Value) : ITypedId<ReReadId>
{
    public static ReReadId From(Guid value) => new(value);
}

public readonly record struct MeterExchangeId(Guid Value) : ITypedId<MeterExchangeId>
{
    public static MeterExchangeId From(Guid value) => new(value);
}

public readonly record struct FieldDeviceId(Guid Value) : ITypedId<FieldDeviceId>
{
    public static FieldDeviceId From(Guid value) => new(value);
}

public readonly record struct SyncFaultId(Guid Value) : ITypedId<SyncFaultId>
{
    public static SyncFaultId From(Guid value) => new(value);
}

public readonly record struct UploadId(Guid Value) : ITypedId<UploadId>
{
    public static UploadId From(Guid value) => new(value);
}

public readonly record struct PhotoId(Guid Value) : ITypedId<PhotoId>
{
    public static PhotoId From(Guid value) => new(value);
}

public readonly record struct StoredFileId(Guid Value) : ITypedId<StoredFileId>
{
    public static StoredFileId From(Guid value) => new(value);
}

public readonly record struct JobId(Guid Value) : ITypedId<JobId>
{
    public static JobId From(Guid value) => new(value);
}

public readonly record struct ImportBatchId(Guid Value) : ITypedId<ImportBatchId>
{
    public static ImportBatchId From(Guid value) => new(value);
}

public readonly record struct BillingRunId(Guid Value) : ITypedId<BillingRunId>
{
    public static BillingRunId From(Guid value) => new(value);
}

public readonly record struct ReadCycleId(Guid Value) : ITypedId<ReadCycleId>
{
    public static ReadCycleId From(Guid value) => new(value);
}

public readonly record struct RouteId(Guid Value) : ITypedId<RouteId>
{
    public static RouteId From(Guid value) => new(value);
}

public readonly record struct AssignmentId(Guid Value) : ITypedId<AssignmentId>
{
    public static AssignmentId From(Guid value) => new(value);
}

public readonly record struct SkipId(Guid Value) : ITypedId<SkipId>
{
    public static SkipId From(Guid value) => new(value);
}

public readonly record struct FollowUpId(Guid Value) : ITypedId<FollowUpId>
{
    public static FollowUpId From(Guid value) => new(value);
}

public readonly record struct ApprovalRequestId(Guid Value) : ITypedId<ApprovalRequestId>
{
    public static ApprovalRequestId From(Guid value) => new(value);
}
