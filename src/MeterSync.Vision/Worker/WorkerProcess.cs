using MeterSync.Vision.Native;
using MeterSync.Vision.Pictures;
using Microsoft.Win32.SafeHandles;

namespace MeterSync.Vision.Worker;

/// <summary>The process that decodes pictures: it reads questions from its standard input and writes answers to its standard output. It ends when its input does.</summary>
public static class WorkerProcess
{
    /// <summary>Runs until the input ends.</summary>
    /// <param name="library">Of libvips; null or empty for the one to be found.</param>
    /// <param name="memoryBytes">Private memory the process may have.</param>
    /// <returns>The exit code, where it could not begin.</returns>
    public static int Run(string? library, long memoryBytes)
    {
        using var input = new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        using var output = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        ProcessLimits.Set(memoryBytes);
        string version;
        try
        {
            version = PictureDecoder.Begin(VipsLibrary.Find(library) ?? throw new DllNotFoundException($"{(string.IsNullOrEmpty(library) ? "libvips" : library)} was not found."));
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or VipsException)
        {
            WorkerLoop.Send(output, new WorkerHello(WorkerFrame.Version, null, Sealed: false, missing.Message), WorkerJson.Default.WorkerHello, []);
            return 1;
        }
        WorkerRehearsal.Run();
        WorkerLoop.Send(output, new WorkerHello(WorkerFrame.Version, version, KernelSeal.Close(), null), WorkerJson.Default.WorkerHello, []);
        using var loop = new WorkerLoop(input, output, static () => ProcessLimits.Exit(0));
        loop.Run();
        return 0;
    }
}
