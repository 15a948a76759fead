namespace MeterSync.Kernel.Tabular;

/// <summary>Why a cell has no value.</summary>
/// <param name="Code">One of <see cref="ImportCodes"/>.</param>
/// <param name="Message">A sentence that names the offending text, shortened to 40 characters.</param>
public sealed record CellFault(string Code, string Message);
