namespace MeterSync.Kernel.Tabular.Workbooks;

/// <summary>
/// A part of a workbook as it is unpacked. Counts what really comes out against what the whole workbook may unpack to, and what one step of the XML
/// reader takes in against what a tag or a text can sensibly be, so that neither costs memory. A part whose check sum is wrong is damaged.
/// </summary>
internal sealed class PartStream(Stream unpacked, uint checkSum, UnpackBudget budget) : Stream
{
    private const int MostInOneStep = 4 * 1024 * 1024;

    private Crc32 _sum = Crc32.Begin();
    private int _thisStep;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Call before each step of the reader.</summary>
    public void BeginStep() => _thisStep = 0;

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (_ended || buffer.IsEmpty)
        {
            return 0;
        }
        var count = unpacked.Read(buffer);
        _sum.Add(buffer[..count]);
        _ended = count == 0;
        if (_ended && _sum.Value != checkSum)
        {
            throw WorkbookException.Damaged("the check sum of a part is wrong");
        }
        budget.Take(count);
        _thisStep += count;
        return _thisStep <= MostInOneStep ? count : throw WorkbookException.Damaged("a cell or a tag has no end");
    }

    /// <summary>Reads what nobody looks at, for its check sum.</summary>
    public void ReadToEnd()
    {
        var buffer = new byte[64 * 1024];
        do
        {
            BeginStep();
        }
        while (Read(buffer) > 0);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            unpacked.Dispose();
        }
        base.Dispose(disposing);
    }
}

/// <summary>How much a workbook may still unpack to.</summary>
internal sealed class UnpackBudget(long bytes)
{
    private long _taken;

    public void Take(long count)
    {
        _taken += count;
        if (_taken > bytes)
        {
            throw WorkbookException.TooLarge($"it unpacks to more than {bytes / (1024 * 1024)} MiB");
        }
    }
}
