using System.Diagnostics.Metrics;
using MeterSync.Kernel;
using MeterSync.Kernel.Telemetry;

namespace MeterSync.Modules.Accounts.SignIn;

/// <summary>How a sign-in ended.</summary>
internal enum SignInOutcome
{
    Succeeded,
    WrongCredentials,

    /// <summary>Too many failures of the account or the address before.</summary>
    Limited,

    /// <summary>The queue of password checks was full.</summary>
    Busy,
}

/// <summary>How an exchange of a refresh token ended.</summary>
internal enum RefreshOutcome
{
    Succeeded,

    /// <summary>The answer that got lost was given once more.</summary>
    Repeated,
    Refused,

    /// <summary>An old token came back: the session was ended.</summary>
    Reused,
}

/// <summary>Sign-ins and token refreshes by how they ended; never by whom.</summary>
internal static class SignInMetrics
{
    private static readonly Counter<long> SignIns = Instrumentation.Meter.CreateCounter<long>("metersync.sign_ins", "{attempt}", "Attempts to sign in with a password, by how they ended");
    private static readonly Counter<long> Refreshes = Instrumentation.Meter.CreateCounter<long>("metersync.token_refreshes", "{attempt}", "Exchanges of refresh tokens, by how they ended");
    private static readonly Counter<long> ApiKeys = Instrumentation.Meter.CreateCounter<long>("metersync.api_key_refusals", "{request}", "Requests with an API key that is unknown, expired or revoked");

    public static void Count(SignInOutcome outcome) => SignIns.Add(1, new KeyValuePair<string, object?>("outcome", Terms<SignInOutcome>.WordOf(outcome)));

    public static void Count(RefreshOutcome outcome) => Refreshes.Add(1, new KeyValuePair<string, object?>("outcome", Terms<RefreshOutcome>.WordOf(outcome)));

    public static void ApiKeyRefused() => ApiKeys.Add(1);
}
