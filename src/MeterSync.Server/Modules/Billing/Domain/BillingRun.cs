using MeterSync.Kernel;

namespace MeterSync.Modules.Billing.Domain;

/// <summary>A period frozen for the bills. Written once; only the name of who froze it may be erased.</summary>
internal sealed class BillingRun : IAudited, IPersonal
{
    public BillingRunId Id { get; set; }

    /// <summary>The job that froze it; unique, so that a job taken up again after a crash freezes once.</summary>
    public JobId JobId { get; set; }

    public string Name { get; set; } = "";

    /// <summary>Inclusive.</summary>
    public DateTimeOffset PeriodFrom { get; set; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset PeriodTo { get; set; }

    /// <summary>Only meters of this location; null for all.</summary>
    public string? LocationId { get; set; }

    public int LineCount { get; set; }

    public int BillableCount { get; set; }

    public int HeldCount { get; set; }

    public int MissingCount { get; set; }

    /// <summary>JSON array of <see cref="BillingTotal"/>.</summary>
    public string Totals { get; set; } = "[]";

    /// <summary>Null for the operator at the machine.</summary>
    public UserId? CreatedBy { get; set; }

    [Personal]
    public string CreatedByName { get; set; } = "";

    /// <summary>Instant of the state of the readings it shows.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    public string AuditName => "billing_run";

    public Guid AuditId => Id.Value;

    public Guid PersonId => CreatedBy?.Value ?? Guid.Empty;
}

/// <summary>A numbered set of adjustment lines of a run.</summary>
internal sealed class BillingAdjustment : IAudited, IPersonal
{
    public BillingRunId RunId { get; set; }

    /// <summary>1 for the first.</summary>
    public int Number { get; set; }

    public int LineCount { get; set; }

    /// <summary>JSON array of <see cref="BillingTotal"/>: the differences.</summary>
    public string Totals { get; set; } = "[]";

    /// <summary>Null for the operator at the machine.</summary>
    public UserId? CreatedBy { get; set; }

    [Personal]
    public string CreatedByName { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    public string AuditName => "billing_adjustment";

    public Guid AuditId => RunId.Value;

    public Guid PersonId => CreatedBy?.Value ?? Guid.Empty;
}
