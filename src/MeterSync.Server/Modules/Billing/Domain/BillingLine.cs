using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Billing.Public;
using MeterSync.Modules.Readings.Public;

namespace MeterSync.Modules.Billing.Domain;

/// <summary>A row as it was frozen, or as it was after an adjustment, with everything it was computed from. Columns mean what <see cref="BillingLineView"/> says.</summary>
internal sealed class BillingLine
{
    public BillingRunId RunId { get; set; }

    public int LineNumber { get; set; }

    public int Adjustment { get; set; }

    public MeterId MeterId { get; set; }

    public RegisterId RegisterId { get; set; }

    public string SerialNumber { get; set; } = "";

    public MeterStatus MeterStatus { get; set; }

    public int RegisterOrdinal { get; set; }

    public string Register { get; set; } = "";

    public string? ObisCode { get; set; }

    public string Quantity { get; set; } = "";

    public RegisterKind RegisterKind { get; set; }

    public FlowDirection Direction { get; set; }

    public string Unit { get; set; } = "";

    public decimal Multiplier { get; set; }

    public BillingState State { get; set; }

    public ReadingValueId? PreviousValueId { get; set; }

    public ReadingId? PreviousReadingId { get; set; }

    public decimal? PreviousValue { get; set; }

    public DateTimeOffset? PreviousAt { get; set; }

    public ReadingValueId? CurrentValueId { get; set; }

    public ReadingId? CurrentReadingId { get; set; }

    public decimal? CurrentValue { get; set; }

    public DateTimeOffset? CurrentAt { get; set; }

    public decimal? Days { get; set; }

    public decimal? Consumption { get; set; }

    public decimal? BilledConsumption { get; set; }

    public Quality? Quality { get; set; }

    public string Flags { get; set; } = "";

    public int ValueCount { get; set; }

    public int HeldCount { get; set; }

    public string? Remark { get; set; }

    public string? Reason { get; set; }

    /// <summary>JSON array of <see cref="BillingInputView"/>.</summary>
    public string Inputs { get; set; } = "[]";

    public string? Address { get; set; }

    public string? Owner { get; set; }

    public string? LocationId { get; set; }

    public string? ExternalId { get; set; }

    /// <summary>Set where the meter came to the place within the period.</summary>
    public DateTimeOffset? InstalledAt { get; set; }

    /// <summary>Set where it was taken away within the period.</summary>
    public DateTimeOffset? RemovedAt { get; set; }

    public static BillingLine Of(BillingRow row, int lineNumber)
    {
        var register = row.Period.Register;
        var (unit, multiplier) = row.Configuration;
        return new BillingLine
        {
            LineNumber = lineNumber,
            MeterId = register.MeterId,
            RegisterId = register.Id,
            SerialNumber = register.SerialNumber,
            MeterStatus = register.MeterStatus,
            RegisterOrdinal = register.Ordinal,
            Register = register.Label,
            ObisCode = register.ObisCode,
            Quantity = register.Quantity,
            RegisterKind = register.Kind,
            Direction = register.Direction,
            Unit = unit,
            Multiplier = multiplier,
            State = row.State,
            PreviousValueId = row.Previous?.Id,
            PreviousReadingId = row.Previous?.ReadingId,
            PreviousValue = row.Previous?.Value,
            PreviousAt = row.Previous?.At,
            CurrentValueId = row.Current?.Id,
            CurrentReadingId = row.Current?.ReadingId,
            CurrentValue = row.Current?.Value,
            CurrentAt = row.Current?.At,
            Days = row.Days,
            Consumption = row.Consumption,
            BilledConsumption = row.Consumption,
            Quality = row.Quality,
            Flags = row.Flags,
            ValueCount = row.Used.Count,
            HeldCount = row.HeldCount,
            Remark = row.Remark(),
            Inputs = JsonSerializer.Serialize(InputsOf(row), StoredBillingJson.Default.IReadOnlyListBillingInputView),
            Address = register.Address,
            Owner = register.Owner,
            LocationId = register.LocationId,
            ExternalId = register.ExternalId,
            InstalledAt = row.InstalledAt,
            RemovedAt = row.RemovedAt,
        };
    }

    public IReadOnlyList<BillingInputView> ReadInputs() => JsonSerializer.Deserialize(Inputs, StoredBillingJson.Default.IReadOnlyListBillingInputView) ?? [];

    public BillingLineView ToView() => new(
        LineNumber, Adjustment, MeterId.Value, RegisterId.Value, SerialNumber, MeterStatus, RegisterOrdinal, Register, ObisCode, Quantity, RegisterKind, Direction, Unit, Multiplier, State,
        PreviousValueId?.Value, PreviousReadingId?.Value, PreviousValue, PreviousAt, CurrentValueId?.Value, CurrentReadingId?.Value, CurrentValue, CurrentAt, Days.Plain(), Consumption.Plain(), BilledConsumption.Plain(),
        Quality, Flags.Split(',', StringSplitOptions.RemoveEmptyEntries), ValueCount, HeldCount, Remark, Reason, Address, Owner, LocationId, ExternalId, ReadInputs())
    {
        InstalledAt = InstalledAt,
        RemovedAt = RemovedAt,
    };

    private static IReadOnlyList<BillingInputView> InputsOf(BillingRow row) =>
        [.. (row.Previous is { } previous ? [Input(previous, false)] : Enumerable.Empty<BillingInputView>()).Concat(row.Used.Select(value => Input(value, true)))];

    private static BillingInputView Input(PeriodValue value, bool inPeriod) =>
        new(value.Id.Value, value.ReadingId.Value, value.At, value.Value, value.Consumption, value.Quality, value.Flags, inPeriod);
}
