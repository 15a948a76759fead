namespace MeterSync.Vision.Pictures;

/// <summary>Why a picture is not decoded.</summary>
public enum PictureFault
{
    /// <summary>The bytes are in no format that is decoded.</summary>
    UnknownFormat,

    /// <summary>They begin as a picture and are damaged, or end too early.</summary>
    Damaged,

    /// <summary>Its header tells of more pixels than are decoded.</summary>
    TooManyPixels,

    /// <summary>Decoding takes more memory than the process may have.</summary>
    TooMuchMemory,
}

/// <summary>A picture is not decoded.</summary>
/// <param name="fault">Why.</param>
/// <param name="message">For a log: libvips' own words, which say nothing of what the picture shows.</param>
internal sealed class PictureRefusedException(PictureFault fault, string message) : Exception(message)
{
    public PictureFault Fault => fault;

    /// <summary>Pixels along and down as the header says; 0 where it was not read.</summary>
    public (int Width, int Height) Size { get; init; }
}
