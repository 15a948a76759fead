using MeterSync.Metering.Registers;

namespace MeterSync.Metering.Vee.Rules;

/// <summary>A value the register cannot show: the master data or the reading is wrong.</summary>
public sealed class DigitsRule : VeeRule
{
    public const string RuleId = "VEE-101";

    public override string Id => RuleId;

    public override string Name => "digits";

    public override string Meaning => "The value cannot be shown by the register: more integer digits or more decimals than it has, below zero, or its configuration makes no sense. Skipped where digits are unknown.";

    public override string DefaultParameters => "none: digits and decimals come from the register";

    public override RuleEffect Effect => RuleEffect.Hold;

    public override Finding? Check(Assessment assessment)
    {
        var check = assessment.Check;
        var register = check.Register;
        if (register.Multiplier <= 0m)
        {
            return Hold($"The register's multiplier is {Words.Number(register.Multiplier)}; it must be above zero. The master data is wrong.");
        }

        if (check.Value < 0m && register.Kind is not RegisterKind.Instantaneous && !register.RunsBackwards)
        {
            return Hold($"The value {Words.Number(check.Value)} is below zero, which this register cannot show.");
        }

        if (assessment.Use.Move is CounterMove.Uncomputable)
        {
            return Hold($"The value {Words.Number(check.Value)} is too large to compute use from {Words.Number(assessment.Use.From.Value)} with multiplier {Words.Number(register.Multiplier)}.");
        }

        if (register.Digits is not int digits)
        {
            return null;
        }

        if (Consumption.Capacity(digits) is not decimal capacity)
        {
            return Hold($"The register is recorded with {Words.Number(digits)} digits; 0 to 28 are possible. The master data is wrong.");
        }

        // A register that runs backwards through zero shows its highest values, so a sign is its only freedom.
        if (Math.Abs(check.Value) >= capacity)
        {
            return Hold($"The value {Words.Number(check.Value)} needs more than the register's {Words.Number(digits)} digits. The value or the master data is wrong.");
        }

        return register.Decimals is int decimals and >= 0 and <= 28 && Math.Round(check.Value, decimals) != check.Value
            ? Hold($"The value {Words.Number(check.Value)} has more decimals than the register's {Words.Number(decimals)}. The value or the master data is wrong.")
            : null;
    }
}
