using MeterSync.Kernel;

namespace MeterSync.Modules.Accounts.Domain;

/// <summary>One sign-in on one device; the family of its refresh tokens.</summary>
internal sealed class Session
{
    public SessionId Id { get; set; }

    public UserId UserId { get; set; }

    /// <summary>Number of the newest refresh token handed out.</summary>
    public int Generation { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset LastUsedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>Why it ended before its time.</summary>
    public SessionEnd? EndReason { get; set; }

    /// <summary>Whether its user asked to be remembered.</summary>
    public bool IsRemembered { get; set; }

    public string? IpAddress { get; set; }

    public string? UserAgent { get; set; }

    /// <summary>What presenting token number <paramref name="presented"/> means: the newest one moves on; its predecessor, presented because the answer
    /// was lost, gets the newest again as long as that is unused; anything older was stolen or copied. A newer one, which its seal shows to be ours, was handed out after the
    /// backup that this database was restored from: it moves on, too.</summary>
    public RefreshMeaning Judge(int presented, DateTimeOffset now) =>
        RevokedAt is not null || ExpiresAt <= now || presented < 0 ? RefreshMeaning.Refused
        : presented >= Generation ? RefreshMeaning.MovesOn
        : presented == Generation - 1 ? RefreshMeaning.SameAgain
        : RefreshMeaning.Reused;
}

public enum SessionEnd
{
    SignedOut,

    /// <summary>An old refresh token came back: it may have been stolen.</summary>
    Reuse,

    PasswordChanged,

    /// <summary>By an administrator, or because the account was closed.</summary>
    Withdrawn,
}

internal enum RefreshMeaning
{
    Refused,
    MovesOn,
    SameAgain,
    Reused,
}
