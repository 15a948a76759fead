using System.Net;
using MeterSync.Kernel;
using MeterSync.Kernel.Limits;
using MeterSync.Modules.Settings.Public;

namespace MeterSync.Modules.Accounts.SignIn;

/// <summary>Bounds guesses at passwords: so many wrong ones a window for one name, and so many more from one address. A name is counted whether
/// or not anybody has it, so that the answers do not tell.</summary>
internal sealed class SignInLimits(IRateCounters counters, IRateLimits limits, LimitMeter meter, TimeProvider clock, ILogger<SignInLimits> log)
{
    private const int BusyRetrySeconds = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly AttemptLines lines = new(counters, clock);

    /// <summary>To be asked before a password is looked at.</summary>
    /// <param name="account">The name as it is looked up: trimmed and in lower case.</param>
    /// <param name="ip">The caller's address; null at the machine itself.</param>
    /// <param name="cancellationToken">Ends the wait for other attempts at the name.</param>
    public async Task<Outcome<SignInAttempt>> TryBeginAsync(string account, string? ip, CancellationToken cancellationToken)
    {
        var current = limits.Current;
        var address = IPAddress.TryParse(ip, out var parsed) ? parsed : null;
        if (!current.Enabled)
        {
            return new SignInAttempt(this, account, address, AttemptLines.Turn.Free, AttemptLines.Turn.Free);
        }

        var byAccount = await lines.EnterAsync(AccountKey(account), current.SignInFailuresPerAccount, current.SignInWindow, Patience, cancellationToken);
        if (byAccount.Turn is null)
        {
            return Refuse(byAccount, "for this name", "account_failures");
        }

        var byAddress = new AttemptLines.Admission(AttemptLines.Turn.Free, null);
        try
        {
            if (address is not null)
            {
                byAddress = new AttemptLines.Admission(null, null);
                byAddress = await lines.EnterAsync(new RateKey(RateBucket.AddressFailures, RateSubject.Of(address)), current.SignInFailuresPerAddress, current.SignInWindow, Patience, cancellationToken);
            }
        }
        finally
        {
            if (byAddress.Turn is null)
            {
                await byAccount.Turn.EndAsync(failed: false);
            }
        }

        return byAddress.Turn is null ? Refuse(byAddress, "from this address", "address_failures") : new SignInAttempt(this, account, address, byAccount.Turn, byAddress.Turn);
    }

    /// <summary>Lifts the lock of a name, where an administrator has given its owner a new password.</summary>
    public ValueTask ForgetAsync(string account) => counters.ForgetAsync(AccountKey(account));

    internal async Task EndAsync(SignInAttempt attempt, bool failed)
    {
        var ofAccount = await attempt.ByAccount.EndAsync(failed);
        var ofAddress = await attempt.ByAddress.EndAsync(failed);
        if (!failed)
        {
            return;
        }

        meter.CountFailedSignIn();
        var current = limits.Current;
        if (current.Enabled && ofAccount > 0 && ofAccount == current.SignInFailuresPerAccount)
        {
            log.LogWarning("{Account} has had {Failures} wrong passwords, the last from {Address}; sign-in with that name is refused for up to {Minutes} minutes", attempt.Account, ofAccount, RateSubject.Say(attempt.Address), current.SignInWindowMinutes);
        }

        if (current.Enabled && ofAddress > 0 && ofAddress == current.SignInFailuresPerAddress)
        {
            log.LogWarning("{Address} has sent {Failures} wrong passwords; sign-in from there is refused for up to {Minutes} minutes", RateSubject.Say(attempt.Address), ofAddress, current.SignInWindowMinutes);
        }
    }

    private static RateKey AccountKey(string account) => new(RateBucket.AccountFailures, RateSubject.Of(account));

    private Problem Refuse(AttemptLines.Admission admission, string where, string reason)
    {
        meter.CountRefusal(reason);
        if (admission.LockedUntil is not { } until)
        {
            return KernelProblems.TooMany.Because($"Too many sign-ins {where} at once. Try again in {BusyRetrySeconds} s.") with { RetryAfterSeconds = BusyRetrySeconds };
        }

        var seconds = Math.Max(1, (int)Math.Ceiling((until - clock.GetUtcNow()).TotalSeconds));
        return KernelProblems.TooMany.Because($"Too many wrong passwords {where}. Try again in {seconds} s.") with { RetryAfterSeconds = seconds };
    }
}

/// <summary>A sign-in that may look at the password. Whoever begins it says how it went; one that breaks off before that counts as nothing.</summary>
internal sealed class SignInAttempt(SignInLimits limits, string account, IPAddress? address, AttemptLines.Turn byAccount, AttemptLines.Turn byAddress) : IAsyncDisposable
{
    private int ended;

    public string Account => account;

    public IPAddress? Address => address;

    public AttemptLines.Turn ByAccount => byAccount;

    public AttemptLines.Turn ByAddress => byAddress;

    public Task FailedAsync() => EndAsync(failed: true);

    public Task SucceededAsync() => EndAsync(failed: false);

    public async ValueTask DisposeAsync() => await EndAsync(failed: false);

    private Task EndAsync(bool failed) => Interlocked.Exchange(ref ended, 1) == 1 ? Task.CompletedTask : limits.EndAsync(this, failed);
}
