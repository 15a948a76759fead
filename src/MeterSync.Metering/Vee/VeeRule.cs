namespace MeterSync.Metering.Vee;

/// <summary>What a rule can do to a value.</summary>
public enum RuleEffect
{
    Flag,
    Hold,
    FlagOrHold,
}

/// <summary>One numbered rule. Stateless; ids are for ever.</summary>
public abstract class VeeRule
{
    /// <summary>Id such as <c>VEE-105</c>.</summary>
    public abstract string Id { get; }

    /// <summary>Short name, as the rule table lists it.</summary>
    public abstract string Name { get; }

    /// <summary>When it fails, in one sentence.</summary>
    public abstract string Meaning { get; }

    /// <summary>Default thresholds in words; empty when it has none.</summary>
    public abstract string DefaultParameters { get; }

    public abstract RuleEffect Effect { get; }

    /// <summary>Null when the value passes or the rule does not apply.</summary>
    public abstract Finding? Check(Assessment assessment);

    /// <summary>The rule alone, with default thresholds.</summary>
    public Finding? Check(RegisterCheck check) => Check(new Assessment(check, VeeParameters.Default));

    /// <summary>A finding that only flags.</summary>
    protected Finding Flag(string message) => new(Id, FindingEffect.Flag, message);

    /// <summary>A finding that holds the value.</summary>
    protected Finding Hold(string message) => new(Id, FindingEffect.Hold, message);
}
