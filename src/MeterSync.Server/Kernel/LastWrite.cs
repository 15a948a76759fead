namespace MeterSync.Kernel;

/// <summary>When something that may be said again and again was said: the last one holds. Two of one instant are told apart by their client ids, so that every server comes to the same end.</summary>
/// <param name="At">By the server's clock, never later than it came in.</param>
/// <param name="ClientId">Null where it was said at once and not by a phone that was offline.</param>
public readonly record struct LastWrite(DateTimeOffset At, Guid? ClientId)
{
    public bool IsAfter(LastWrite other) => At != other.At ? At > other.At : string.CompareOrdinal(ClientId?.ToString(), other.ClientId?.ToString()) > 0;

    /// <summary>The order in which they count.</summary>
    public static int Compare(LastWrite one, LastWrite other) => one == other ? 0 : one.IsAfter(other) ? 1 : -1;
}
