namespace MeterSync.Kernel.Web;

/// <summary>The shape of every successful answer.</summary>
public sealed record Envelope<T>(bool Success, T Data, string? Message);

/// <summary>The shape of every failure.</summary>
/// <param name="Success">Always false.</param>
/// <param name="Error">What went wrong.</param>
/// <param name="TraceId">Finds the request in the log.</param>
public sealed record ErrorEnvelope(bool Success, ErrorBody Error, string TraceId);

/// <param name="Code">A code of docs/problems.md.</param>
/// <param name="Message">For people.</param>
/// <param name="Details">Field to messages; null where no field is to blame.</param>
public sealed record ErrorBody(string Code, string Message, IReadOnlyDictionary<string, string[]>? Details);
