namespace MeterSync.Kernel;

/// <summary>The server has more of this to do than it can; the caller is told so at once and may come again.</summary>
/// <param name="message">For people.</param>
/// <param name="retryAfterSeconds">When to come again.</param>
public sealed class OverloadedException(string message, int retryAfterSeconds) : Exception(message)
{
    public int RetryAfterSeconds => retryAfterSeconds;
}
