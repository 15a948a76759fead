namespace MeterSync.Host.Demo;

/// <summary>Section <c>Demo</c>; matters only with <c>--demo</c>.</summary>
internal sealed class DemoOptions
{
    public const string Section = "Demo";

    /// <summary>Load the demonstration meters and readings into a data directory without meters.</summary>
    public bool Data { get; set; } = true;
}
