using MeterSync.Kernel;

namespace MeterSync.Modules.Sync.Domain;

/// <summary>What a phone says of itself when it is in touch. Null where it does not say.</summary>
/// <param name="DeviceKey">What it calls itself: 1 to <see cref="MostKey"/> characters.</param>
internal sealed record DeviceContact(string DeviceKey)
{
    public const int MostKey = 200;
    public const int MostName = 200;
    public const int MostVersion = 50;

    /// <summary>What its owner calls it.</summary>
    public string? Name { get; init; }

    public string? AppVersion { get; init; }

    /// <summary>Items it still has to send.</summary>
    public int? UnsentCount { get; init; }

    /// <summary>What must be added to its clock.</summary>
    public long? ClockErrorMs { get; init; }

    /// <summary>Without invisible characters, and no longer than fits; null for nothing.</summary>
    public static string? Plain(string? text, int most)
    {
        var shown = new string([.. (text ?? "").Where(character => !PlainTextAttribute.IsInvisible(character))]).Trim();
        return shown.Length == 0 ? null : shown.Length <= most ? shown : shown[..(char.IsHighSurrogate(shown[most - 1]) ? most - 1 : most)];
    }

    /// <summary>What it told since it was booked last differs enough to be written down at once, or so long passed that the time must be.</summary>
    public bool IsNews(FieldDevice device, SessionId? session, DateTimeOffset now) =>
        now - device.LastSeenAt >= FieldDevice.BookedEvery
        || (session is not null && session != device.SessionId)
        || (Name is not null && Name != device.Name)
        || (AppVersion is not null && AppVersion != device.AppVersion)
        || (UnsentCount is not null && UnsentCount != device.UnsentCount);

    /// <summary>Books the contact; what the phone does not say stays as it was.</summary>
    public void Book(FieldDevice device, SessionId? session, DateTimeOffset now)
    {
        device.LastSeenAt = now > device.LastSeenAt ? now : device.LastSeenAt;
        device.SessionId = session ?? device.SessionId;
        device.Name = Name ?? device.Name;
        device.AppVersion = AppVersion ?? device.AppVersion;
        device.UnsentCount = UnsentCount ?? device.UnsentCount;
        device.ClockErrorMs = ClockErrorMs ?? device.ClockErrorMs;
    }
}
