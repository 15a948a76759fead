using MeterSync.Kernel;
using MeterSync.Metering;

namespace MeterSync.Modules.Meters.Domain;

/// <summary>One counter of a meter. What may change over time is in its <see cref="RegisterVersion"/>s.</summary>
internal sealed class Register : IAudited
{
    public RegisterId Id { get; set; }

    public MeterId MeterId { get; set; }

    /// <summary>1 for the main register; unique in its meter.</summary>
    public int Ordinal { get; set; } = 1;

    /// <summary>What the display calls it: total, T1, 1.8.0.</summary>
    public string Label { get; set; } = "total";

    /// <summary>kwh, kvah, kvarh, kw_max, kva_max, m3, gj ...</summary>
    public string Quantity { get; set; } = "";

    public RegisterKind Kind { get; set; }

    public FlowDirection Direction { get; set; }

    public string? ObisCode { get; set; }

    /// <summary>A register that may count down, such as an old disc meter behind solar panels.</summary>
    public bool RunsBackwards { get; set; }

    /// <summary>The register that counted the same at the same place before an exchange put this one there; null for none.</summary>
    public RegisterId? PredecessorId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public string AuditName => "register";

    public Guid AuditId => Id.Value;
}

/// <summary>A register's configuration from an instant on, until the next version.</summary>
internal sealed class RegisterVersion : IAudited
{
    public RegisterId RegisterId { get; set; }

    /// <summary>Inclusive. The first version begins at <see cref="Always"/>.</summary>
    public DateTimeOffset EffectiveFrom { get; set; }

    public string Unit { get; set; } = "";

    /// <summary>Whole-number drums; null where unknown.</summary>
    public int? Digits { get; set; }

    /// <summary>Decimal drums; null where unknown.</summary>
    public int? Decimals { get; set; }

    /// <summary>CT ratio x PT ratio x constant.</summary>
    public decimal Multiplier { get; set; } = 1;

    /// <summary>The most the supply can deliver, units a day after the multiplier; null where unknown.</summary>
    public decimal? MaximumUsePerDay { get; set; }

    public string AuditName => "register_version";

    public Guid AuditId => RegisterId.Value;

    /// <summary>Beginning of the first version: before any reading.</summary>
    public static readonly DateTimeOffset Always = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);
}
