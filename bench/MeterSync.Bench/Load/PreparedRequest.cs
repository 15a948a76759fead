namespace MeterSync.Bench.Load;

/// <summary>A request made before the clock starts, so that making it costs the run nothing.</summary>
/// <param name="Kind">Index of its kind of call in the mix.</param>
/// <param name="Bytes">The whole HTTP/1.1 request.</param>
/// <param name="ExpectedTotal">Total that a list must report; -1 when not known.</param>
/// <param name="ExpectHeld">Whether a submitted reading must come back held.</param>
internal readonly record struct PreparedRequest(int Kind, byte[] Bytes, int ExpectedTotal = -1, bool ExpectHeld = false);
