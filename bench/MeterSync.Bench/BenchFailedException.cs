namespace MeterSync.Bench;

/// <summary>A run that must not be reported as a measurement: a refused request, a wrong answer, a process that ended.</summary>
public sealed class BenchFailedException : Exception
{
    public BenchFailedException()
    {
    }

    public BenchFailedException(string message)
        : base(message)
    {
    }

    public BenchFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
