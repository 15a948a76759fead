using System.CommandLine;
using MeterSync.Vision.Worker;

namespace MeterSync.Host.Verbs;

/// <summary>metersync vision-worker: what a server starts to decode pictures in a process of its own. Not for people: it speaks in frames (docs/vision.md).</summary>
internal static class VisionWorkerVerb
{
    public const string Name = "vision-worker";

    public static Command Command()
    {
        var library = new Option<string?>("--library") { Description = "libvips to load", HelpName = "FILE" };
        var memory = new Option<int>("--memory-mib") { Description = "Private memory it may use", HelpName = "MIB", DefaultValueFactory = _ => 768 };
        var command = new Command(Name, "Internal: decodes pictures for a server") { library, memory };
        command.Hidden = true;
        command.SetAction(parsed => WorkerProcess.Run(parsed.GetValue(library), (long)parsed.GetValue(memory) * 1024 * 1024));
        return command;
    }
}
