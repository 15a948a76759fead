using System.Text.Json.Serialization;
using MeterSync.Vision.Pictures;

namespace MeterSync.Vision.Worker;

/// <summary>What is asked of the process that decodes pictures.</summary>
public enum WorkerOperation
{
    /// <summary>The header alone.</summary>
    Facts,

    /// <summary>The header and a small picture.</summary>
    Thumbnail,
}

/// <summary>First words of the process.</summary>
/// <param name="Version">Of the protocol; both sides have to have the same.</param>
/// <param name="Library">Version of libvips; null where it cannot be used.</param>
/// <param name="Sealed">Whether the kernel refuses it files and network from here on.</param>
/// <param name="Trouble">Why it cannot work; null where it can. It ends after that.</param>
public sealed record WorkerHello(int Version, string? Library, bool Sealed, string? Trouble);

/// <summary>One question; the bytes of the picture follow.</summary>
/// <param name="Id">Comes back with the answer.</param>
/// <param name="Operation">What to do.</param>
/// <param name="MaxEdge">Longest side of a thumbnail in pixels.</param>
/// <param name="Quality">Of its JPEG, 1 to 100.</param>
/// <param name="MostPixels">A picture with more is refused by its header.</param>
/// <param name="CpuSeconds">Processor time after which the kernel ends the process.</param>
public sealed record WorkerRequest(long Id, WorkerOperation Operation, int MaxEdge, int Quality, long MostPixels, int CpuSeconds);

/// <summary>The answer; the bytes of the thumbnail follow.</summary>
/// <param name="Id">Of the question.</param>
/// <param name="Facts">Null where the picture was refused.</param>
/// <param name="Width">Of the thumbnail; 0 where none was asked for.</param>
/// <param name="Height">Likewise.</param>
/// <param name="Refusal">Null where it was decoded.</param>
public sealed record WorkerAnswer(long Id, PictureFacts? Facts, int Width, int Height, WorkerRefusal? Refusal);

/// <param name="Fault">Why.</param>
/// <param name="Detail">For a log.</param>
/// <param name="Width">As the header says; 0 where it was not read.</param>
/// <param name="Height">Likewise.</param>
public sealed record WorkerRefusal(PictureFault Fault, string Detail, int Width, int Height);

/// <summary>The form of the messages' heads.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(WorkerHello))]
[JsonSerializable(typeof(WorkerRequest))]
[JsonSerializable(typeof(WorkerAnswer))]
public sealed partial class WorkerJson : JsonSerializerContext;
