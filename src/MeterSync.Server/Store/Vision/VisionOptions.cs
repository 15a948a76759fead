using System.ComponentModel.DataAnnotations;

namespace MeterSync.Store.Vision;

/// <summary>Section <c>Vision</c>.</summary>
internal sealed class VisionOptions
{
    public const string Section = "Vision";

    /// <summary>A process without work ends after so many seconds.</summary>
    [Range(1, 86_400)]
    public int IdleSeconds { get; set; } = 60;

    /// <summary>libvips to load: a path, or the name of a library of the system. Empty: the one that came with the program, else the system's.</summary>
    [StringLength(1000)]
    public string Library { get; set; } = "";

    /// <summary>Megapixels above which a picture is refused by its header.</summary>
    [Range(1, 500)]
    public int MaxMegapixels { get; set; } = 50;

    /// <summary>Private memory of one process, in MiB.</summary>
    [Range(128, 16_384)]
    public int MemoryMiB { get; set; } = 768;

    /// <summary>Pictures after which a process is replaced by a new one.</summary>
    [Range(1, 1_000_000)]
    public int PicturesPerProcess { get; set; } = 500;

    /// <summary>Seconds one picture may take.</summary>
    [Range(1, 600)]
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>Processes at most, and so pictures at once.</summary>
    [Range(1, 64)]
    public int Workers { get; set; } = 1;
}
