using System.Text.Json.Serialization;
using MeterSync.Kernel;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Domain;

namespace MeterSync.Modules.Meters;

/// <summary>A register as it is configured last, with all its configurations.</summary>
/// <param name="Digits">Whole-number drums; null where unknown.</param>
/// <param name="Decimals">Decimal drums; null where unknown.</param>
/// <param name="MaximumUsePerDay">Units a day after the multiplier; null where unknown.</param>
/// <param name="EffectiveFrom">Since when the configuration shown holds, inclusive; null for the one from the beginning.</param>
/// <param name="Versions">Oldest first.</param>
internal sealed record RegisterView(
    Guid Id,
    Guid MeterId,
    int Ordinal,
    string Label,
    string Quantity,
    string Unit,
    int? Digits,
    int? Decimals,
    decimal Multiplier,
    RegisterKind Kind,
    FlowDirection Direction,
    string? ObisCode,
    bool RunsBackwards,
    decimal? MaximumUsePerDay,
    DateTimeOffset? EffectiveFrom,
    IReadOnlyList<RegisterVersionView> Versions)
{
    /// <summary>The version of the meter, which is the ETag of its registers too.</summary>
    [JsonIgnore]
    public int MeterVersion { get; init; }

    /// <param name="versions">At least one, oldest first.</param>
    public static RegisterView Of(Register register, IReadOnlyList<RegisterVersion> versions) => new(
        register.Id.Value,
        register.MeterId.Value,
        register.Ordinal,
        register.Label,
        register.Quantity,
        versions[^1].Unit,
        versions[^1].Digits,
        versions[^1].Decimals,
        versions[^1].Multiplier,
        register.Kind,
        register.Direction,
        register.ObisCode,
        register.RunsBackwards,
        versions[^1].MaximumUsePerDay,
        RegisterVersionView.Of(versions[^1]).EffectiveFrom,
        [.. versions.Select(RegisterVersionView.Of)]);
}

/// <param name="EffectiveFrom">Inclusive; null for the beginning.</param>
internal sealed record RegisterVersionView(DateTimeOffset? EffectiveFrom, string Unit, int? Digits, int? Decimals, decimal Multiplier, decimal? MaximumUsePerDay)
{
    public static RegisterVersionView Of(RegisterVersion version) => new(
        version.EffectiveFrom == RegisterVersion.Always ? null : version.EffectiveFrom,
        version.Unit,
        version.Digits,
        version.Decimals,
        version.Multiplier,
        version.MaximumUsePerDay);
}

/// <summary>The registers of a meter, by ordinal.</summary>
internal sealed record RegisterListView(IReadOnlyList<RegisterView> Items)
{
    [JsonIgnore]
    public int MeterVersion { get; init; }
}
