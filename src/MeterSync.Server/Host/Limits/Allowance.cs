using System.Net;
using MeterSync.Kernel;
using MeterSync.Kernel.Limits;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Settings.Public;

namespace MeterSync.Host.Limits;

/// <summary>How much of what a caller may ask.</summary>
/// <param name="Key">Where it is counted.</param>
/// <param name="Limit">Requests within the window; 0 is no limit.</param>
/// <param name="Window">From the first of them.</param>
internal readonly record struct Allowance(RateKey Key, int Limit, TimeSpan Window)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    /// <summary>A word for metrics and the log.</summary>
    public string Reason => SnakeCase.Of(Key.Bucket.ToString());

    /// <summary>A refused request takes nothing off.</summary>
    public bool CountsSuccessesOnly => Key.Bucket == RateBucket.Export;

    public string Words => Key.Bucket switch
    {
        RateBucket.Anonymous => $"at most {Limit} a minute from one address without a valid sign-in",
        RateBucket.User => $"at most {Limit} a minute by one user",
        RateBucket.ApiKey => $"at most {Limit} a minute with one API key",
        RateBucket.Ocr => $"at most {Limit} photos a minute",
        RateBucket.Export => $"at most {Limit} exports in five minutes",
        RateBucket.SignIn => $"at most {Limit} sign-ins a minute from one address",
        RateBucket.Sync => $"at most {Limit} batches and fetches a minute by one user",
        RateBucket.Upload => $"at most {Limit} requests for uploads a minute",
        RateBucket.Refresh => $"at most {Limit} refreshed sessions a minute from one address",
        _ => throw new InvalidOperationException($"{Key.Bucket} is not counted by requests."),
    };

    public static Allowance OfAnonymous(RateLimits limits, IPAddress? address) =>
        new(new RateKey(RateBucket.Anonymous, RateSubject.Of(address)), limits.AnonymousPerMinute, Minute);

    /// <param name="limits">That apply.</param>
    /// <param name="group">Of the route; null where it names none.</param>
    /// <param name="caller">Null where nobody is known to call.</param>
    /// <param name="address">The caller's.</param>
    public static Allowance Of(RateLimits limits, RateGroup? group, Caller? caller, IPAddress? address) =>
        group == RateGroup.None ? default
        : group == RateGroup.SignIn ? new(new RateKey(RateBucket.SignIn, RateSubject.Of(address)), limits.AnonymousPerMinute, Minute)
        : group == RateGroup.Refresh ? new(new RateKey(RateBucket.Refresh, RateSubject.Of(address)), limits.RefreshPerMinute, Minute)
        : group == RateGroup.Ocr ? new(new RateKey(RateBucket.Ocr, OwnerOf(caller, address)), limits.OcrPerMinute, Minute)
        : group == RateGroup.Export ? new(new RateKey(RateBucket.Export, OwnerOf(caller, address)), limits.ExportsPerFiveMinutes, FiveMinutes)
        : group == RateGroup.Sync && caller is not null ? new(new RateKey(RateBucket.Sync, OwnerOf(caller, address)), limits.SyncPerMinute, Minute)
        : group is { Bucket: { } bucket } && caller is not null ? new(new RateKey(bucket, OwnerOf(caller, address)), group.PerMinute, Minute)
        : caller is null ? OfAnonymous(limits, address)
        : IsPerson(caller) ? new(new RateKey(RateBucket.User, SubjectOf(caller, address)), limits.UserPerMinute, Minute)
        : new(new RateKey(RateBucket.ApiKey, SubjectOf(caller, address)), limits.ApiKeyPerMinute, Minute);

    private static bool IsPerson(Caller caller) => caller is { ApiKeyId: null, UserId: not null };

    /// <summary>What is dear counts by person, however many keys the person has.</summary>
    private static UInt128 OwnerOf(Caller? caller, IPAddress? address) =>
        caller?.UserId is { } user ? RateSubject.Of(user.Value) : SubjectOf(caller, address);

    private static UInt128 SubjectOf(Caller? caller, IPAddress? address) =>
        caller is null ? RateSubject.Of(address)
        : caller.ApiKeyId is { } key ? RateSubject.Of(key.Value)
        : caller.UserId is { } user ? RateSubject.Of(user.Value)
        : RateSubject.Of(caller.Name);
}
