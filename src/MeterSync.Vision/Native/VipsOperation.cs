namespace MeterSync.Vision.Native;

/// <summary>One step of libvips: its arguments are set, it is run, its results are taken.</summary>
internal sealed class VipsOperation : IDisposable
{
    private nint _instance;

    /// <exception cref="VipsException">There is no such operation, or it is blocked.</exception>
    public VipsOperation(string name)
    {
        _instance = Vips.NewOperation(name);
        if (_instance == 0)
        {
            throw VipsException.Take();
        }
    }

    public VipsOperation With(string argument, string value) =>
        Vips.SetArgument(_instance, argument, value) == 0 ? this : throw VipsException.Take();

    public VipsOperation WithImage(string argument, VipsReference image) => WithObject(argument, Vips.ImageType(), image);

    public VipsOperation WithSource(string argument, VipsReference source) => WithObject(argument, Vips.SourceType(), source);

    public VipsOperation Run() => Vips.Build(_instance) == 0 ? this : throw VipsException.Take();

    public VipsReference Image(string result)
    {
        var value = default(GValue);
        Vips.InitValue(ref value, Vips.ImageType());
        Vips.GetProperty(_instance, result, ref value);
        var image = Vips.DuplicateObject(ref value);
        Vips.UnsetValue(ref value);
        return new VipsReference(image);
    }

    public unsafe byte[] Bytes(string result)
    {
        var value = default(GValue);
        Vips.InitValue(ref value, Vips.BlobType());
        Vips.GetProperty(_instance, result, ref value);
        var data = Vips.BlobData(Vips.Boxed(ref value), out var length);
        var bytes = new ReadOnlySpan<byte>((void*)data, checked((int)length)).ToArray();
        Vips.UnsetValue(ref value);
        return bytes;
    }

    public void Dispose()
    {
        if (_instance != 0)
        {
            Vips.ReleaseOutputs(_instance);
            Vips.Release(_instance);
            _instance = 0;
        }
    }

    private VipsOperation WithObject(string argument, nuint type, VipsReference instance)
    {
        var value = default(GValue);
        Vips.InitValue(ref value, type);
        Vips.SetObject(ref value, instance.Pointer);
        Vips.SetProperty(_instance, argument, ref value);
        Vips.UnsetValue(ref value);
        return this;
    }
}

/// <summary>An object of libvips that is given back when it is disposed of.</summary>
internal sealed class VipsReference(nint pointer) : IDisposable
{
    public nint Pointer { get; private set; } = pointer != 0 ? pointer : throw VipsException.Take();

    public void Dispose()
    {
        if (Pointer != 0)
        {
            Vips.Release(Pointer);
            Pointer = 0;
        }
    }
}

/// <summary>libvips refused; the message has its own words.</summary>
internal sealed class VipsException(string message) : Exception(message)
{
    public static VipsException Take() => new(Vips.TakeError());
}
