namespace MeterSync.Browser.Tests.Support;

/// <summary>What a network does to a request.</summary>
public abstract record NetworkFault
{
    /// <summary>The connection breaks before the server hears of the request.</summary>
    public static NetworkFault Gone { get; } = new CutRequest(0);

    /// <summary>The server does the work, all of it, and its answer never reaches the phone.</summary>
    public static NetworkFault LoseAnswer { get; } = new CutAnswer(0);

    private NetworkFault()
    {
    }

    /// <summary>The request reaches the server so much later.</summary>
    public sealed record Delay(TimeSpan Time) : NetworkFault;

    /// <summary>The server does the work at once, and its answer comes so much later.</summary>
    public sealed record DelayAnswer(TimeSpan Time) : NetworkFault;

    /// <summary>Someone else answers: the server hears nothing of it.</summary>
    public sealed record Answer(int Status, string Body = "", string ContentType = "application/problem+json", int? RetryAfterSeconds = null) : NetworkFault;

    /// <summary>The connection breaks when so many bytes of the body have gone to the server; 0: the server does not hear of it at all.</summary>
    public sealed record CutRequest(int AfterBodyBytes) : NetworkFault;

    /// <summary>The server does the work; the connection breaks when so many bytes of its whole answer, head included, have come back.</summary>
    public sealed record CutAnswer(int AfterBytes) : NetworkFault;
}

/// <summary>A request on its way, as far as its head tells.</summary>
/// <param name="Path">Without the query, decoded as sent.</param>
/// <param name="Headers">Names in any case; of several with one name the last.</param>
/// <param name="BodyBytes">0 without a body.</param>
public sealed record WireRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, long BodyBytes)
{
    public bool Is(string method, string path) => Method == method && Path == path;

    public override string ToString() => $"{Method} {Path}";
}

/// <summary>What became of a request.</summary>
/// <param name="Status">Of the server's answer or the one given in its stead, whether or not it reached the phone; null: there was none.</param>
/// <param name="Fault">What was done to it; null: nothing.</param>
public sealed record WireExchange(WireRequest Request, int? Status, NetworkFault? Fault);

/// <summary>A fault for some requests, until it was used up or taken away.</summary>
public sealed class NetworkRule
{
    private int _left;

    internal NetworkRule(Func<WireRequest, bool> which, NetworkFault fault, int times) => (Which, Fault, _left) = (which, fault, times);

    /// <summary>How often it was applied.</summary>
    public int Used { get; private set; }

    internal Func<WireRequest, bool> Which { get; }

    internal NetworkFault Fault { get; }

    /// <summary>Under the lock of the network.</summary>
    internal bool TryUse(WireRequest request)
    {
        if (_left == 0 || !Which(request))
        {
            return false;
        }

        _left--;
        Used++;
        return true;
    }
}
