namespace MeterSync.Bench.Field.Faults;

/// <summary>What the proxy did.</summary>
internal sealed class FaultCounts
{
    private long _connections;
    private long _requests;
    private long _requestsCut;
    private long _answersCut;
    private long _answersLost;
    private long _doubled;
    private long _held;
    private long _serverGone;
    private long _bytesUp;
    private long _photoBytesUp;
    private long _bytesDown;

    public long Connections => _connections;

    public long Requests => _requests;

    public long RequestsCut => _requestsCut;

    /// <summary>With the lost ones.</summary>
    public long AnswersCut => _answersCut;

    /// <summary>Not one byte came through.</summary>
    public long AnswersLost => _answersLost;

    public long Doubled => _doubled;

    public long Held => _held;

    /// <summary>The server did not take the connection, or ended it.</summary>
    public long ServerGone => _serverGone;

    /// <summary>Bytes that phones sent, heads included.</summary>
    public long BytesUp => _bytesUp;

    /// <summary>Those of them that belong to uploads of photos.</summary>
    public long PhotoBytesUp => _photoBytesUp;

    public long BytesDown => _bytesDown;

    public void Connection() => Interlocked.Increment(ref _connections);

    public void Request() => Interlocked.Increment(ref _requests);

    public void RequestCut() => Interlocked.Increment(ref _requestsCut);

    public void AnswerCut(bool isLost)
    {
        Interlocked.Increment(ref _answersCut);
        if (isLost)
            Interlocked.Increment(ref _answersLost);
    }

    public void Double() => Interlocked.Increment(ref _doubled);

    public void Hold() => Interlocked.Increment(ref _held);

    public void Gone() => Interlocked.Increment(ref _serverGone);

    public void Up(long bytes, bool isPhoto)
    {
        Interlocked.Add(ref _bytesUp, bytes);
        if (isPhoto)
            Interlocked.Add(ref _photoBytesUp, bytes);
    }

    public void Down(long bytes) => Interlocked.Add(ref _bytesDown, bytes);
}
