namespace MeterSync.Host.Verbs.Doctor;

/// <summary>How bad it is.</summary>
internal enum FindingLevel
{
    Ok,
    Warn,
    Fail,
}

/// <param name="Check">What was looked at.</param>
/// <param name="Level">How it is.</param>
/// <param name="Message">What was seen and, unless it is in order, the fix.</param>
internal sealed record Finding(string Check, FindingLevel Level, string Message)
{
    public static Finding Ok(string check, string message) => new(check, FindingLevel.Ok, message);

    public static Finding Warn(string check, string message) => new(check, FindingLevel.Warn, message);

    public static Finding Fail(string check, string message) => new(check, FindingLevel.Fail, message);
}
