namespace MeterSync.Kernel.Limits;

/// <summary>Counts what callers do in windows of time. A key's window begins with its first count and ends a fixed time later; then the key
/// starts from nothing. One process counts in memory; several may share a store that increments and expires keys.</summary>
public interface IRateCounters
{
    /// <summary>Adds to the key's window, or begins one.</summary>
    /// <returns>The count with what was added.</returns>
    ValueTask<RateCount> AddAsync(RateKey key, int amount, TimeSpan window);

    /// <summary>The count of the window under way; nothing where none is.</summary>
    ValueTask<RateCount> ReadAsync(RateKey key, TimeSpan window);

    /// <summary>Takes back what was added, unless that window is over. A window of which nothing is left has not begun.</summary>
    /// <param name="key">As added.</param>
    /// <param name="added">What <see cref="AddAsync"/> returned.</param>
    /// <param name="amount">As added.</param>
    ValueTask GiveBackAsync(RateKey key, RateCount added, int amount);

    ValueTask ForgetAsync(RateKey key);
}

/// <param name="Count">0 where no window is under way.</param>
/// <param name="EndsAt">When the window ends, UTC, to the millisecond; now where none is under way.</param>
public readonly record struct RateCount(int Count, DateTimeOffset EndsAt);

/// <summary>What is counted. The name of a bucket never changes its meaning: processes of different releases may share the counts.</summary>
public enum RateBucket
{
    Anonymous,
    User,
    ApiKey,
    Ocr,
    Export,
    SignIn,
    Refresh,
    Upload,
    AccountFailures,
    AddressFailures,
    Sync,
}

/// <summary>Whose count of what.</summary>
/// <param name="Bucket">What is counted.</param>
/// <param name="Subject">A user's or key's id, an address or a network, or the digest of a name.</param>
public readonly record struct RateKey(RateBucket Bucket, UInt128 Subject)
{
    /// <summary>Counts that keep somebody out: a flood of other keys must not push them out of memory.</summary>
    public bool IsLock => Bucket is RateBucket.AccountFailures or RateBucket.AddressFailures;
}
