namespace MeterSync.Kernel;

/// <summary>One entry of the problem catalogue. The code never changes once published; docs/problems.md lists them all.</summary>
/// <param name="Code">Lower-case, dotted: <c>area.what_is_wrong</c>.</param>
/// <param name="Status">The HTTP status it answers with.</param>
/// <param name="Meaning">One sentence for the catalogue.</param>
public sealed record ProblemCode(string Code, int Status, string Meaning)
{
    public Problem Because(string message) => new(this, message, null);

    public Problem Because(string message, IReadOnlyDictionary<string, string[]> details) => new(this, message, details);

    public Problem For(string field, string message) => new(this, message, new Dictionary<string, string[]> { [field] = [message] });
}

/// <summary>A refusal the caller can act on: what is wrong, in words, and where.</summary>
/// <param name="Code">Catalogue entry.</param>
/// <param name="Message">Names the offending thing.</param>
/// <param name="Details">Field to messages, or null.</param>
public sealed record Problem(ProblemCode Code, string Message, IReadOnlyDictionary<string, string[]>? Details)
{
    /// <summary>Seconds after which trying again makes sense; null where waiting does not help.</summary>
    public int? RetryAfterSeconds { get; init; }
}
