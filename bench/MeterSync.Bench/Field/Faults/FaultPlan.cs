namespace MeterSync.Bench.Field.Faults;

/// <summary>What happens to one request and its answer.</summary>
/// <param name="HoldMilliseconds">The request waits so long before it is passed on, so that later ones of other connections overtake it.</param>
/// <param name="RequestCut">After how many of its bytes, head included, the connection breaks; null not at all.</param>
/// <param name="AnswerCut">After which share of the answer the connection breaks: 0 loses all of it, though the server did the work; null not at all.</param>
/// <param name="AnswerDelayMilliseconds">The answer waits so long.</param>
/// <param name="IsDoubled">The request reaches the server twice at the same time, as after a resend by a network in between.</param>
/// <param name="IsSecondAnswer">Of a doubled request, the answer to the second is passed back.</param>
/// <param name="IsReset">A break is a reset; otherwise the connection is closed as if it had ended.</param>
internal readonly record struct ExchangeFaults(
    int HoldMilliseconds = 0, long? RequestCut = null, double? AnswerCut = null, int AnswerDelayMilliseconds = 0, bool IsDoubled = false, bool IsSecondAnswer = false, bool IsReset = false);

/// <summary>Decides what goes wrong.</summary>
internal interface IFaultPlan
{
    /// <param name="connection">Number of the connection, from 0 in the order they were accepted.</param>
    /// <param name="exchange">Number of the request on it, from 0.</param>
    ExchangeFaults For(long connection, int exchange, WireHead request);
}

/// <summary>The same seed decides the same for the same request of the same connection.</summary>
/// <param name="cut">Share of answers that are cut; the other faults are scaled with it.</param>
internal sealed class SeededFaults(int seed, double cut) : IFaultPlan
{
    private const int MostHoldMilliseconds = 150;
    private const long MostDoubledBytes = 8 * 1024 * 1024;

    public ExchangeFaults For(long connection, int exchange, WireHead request)
    {
        if (cut <= 0)
            return default;
        var random = new Random(HashOf(seed, connection, exchange));
        var length = request.Bytes.Length + (request.ContentLength ?? 0);
        var isHeld = random.NextDouble() < 0.2;
        var isAnswerCut = random.NextDouble() < cut;
        var isLost = random.NextDouble() < 0.5;
        var isRequestCut = random.NextDouble() < cut / 4;
        var isDoubled = random.NextDouble() < cut / 5;
        return new(
            isHeld ? random.Next(MostHoldMilliseconds) : 0,
            isRequestCut ? random.NextInt64(length) : null,
            isAnswerCut ? isLost ? 0 : random.NextDouble() : null,
            random.NextDouble() < 0.1 ? random.Next(MostHoldMilliseconds) : 0,
            isDoubled && !isRequestCut && length <= MostDoubledBytes,
            random.Next(2) == 0,
            random.Next(2) == 0);
    }

    private static int HashOf(int seed, long connection, int exchange)
    {
        var mixed = ((ulong)(uint)seed * 0x9E3779B97F4A7C15) ^ ((ulong)connection * 0xC2B2AE3D27D4EB4F) ^ ((ulong)(uint)exchange * 0x165667B19E3779F9);
        mixed = (mixed ^ (mixed >> 31)) * 0x94D049BB133111EB;
        return (int)(mixed >> 33);
    }
}

/// <summary>Breaks a resumable upload at one place of the file for the first few times that it passes there.</summary>
/// <param name="position">Byte of the file.</param>
/// <param name="times">How often.</param>
internal sealed class CutUploadAt(long position, int times) : IFaultPlan
{
    /// <summary>A connection that begins behind the place still sends this much before it breaks.</summary>
    private const long LeastSent = 64 * 1024;

    private int _done;

    public int Done => _done;

    public ExchangeFaults For(long connection, int exchange, WireHead request)
    {
        if (request.Method != "PATCH" || _done == times || request.Field("Upload-Offset") is not { } text)
            return default;
        var offset = long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        var cut = Math.Max(position - offset, LeastSent);
        if (cut >= request.ContentLength)
            return default;
        _done++;
        return new(RequestCut: request.Bytes.Length + cut, IsReset: _done % 2 == 0);
    }
}
