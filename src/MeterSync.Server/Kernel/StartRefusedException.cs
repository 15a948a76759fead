namespace MeterSync.Kernel;

/// <summary>The program will not start like this; the message says the fix in one line.</summary>
public sealed class StartRefusedException(string message) : Exception(message);
