namespace MeterSync.Host.Verbs;

/// <summary>What the program tells the shell. docs/operations.md lists them.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Refused, or the job failed, or rows of the file have problems, or doctor found something broken.</summary>
    public const int Refused = 1;

    /// <summary>Wrong usage or configuration; nothing was started.</summary>
    public const int Usage = 2;

    /// <summary>The server or the database cannot be reached, or another process holds the data directory.</summary>
    public const int Unavailable = 3;

    /// <summary>Ended by Ctrl+C or SIGTERM.</summary>
    public const int Interrupted = 130;
}
