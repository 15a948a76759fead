using MeterSync.Vision.Native;

namespace MeterSync.Vision.Worker;

/// <summary>
/// Decodes, refuses and answers a few times before the process is sealed: whatever the runtime, the library and the code behind them load on their first use is there
/// then, because no file can be opened later.
/// </summary>
internal static class WorkerRehearsal
{
    private const int ManyPixels = 100, CpuSeconds = 60;

    public static void Run()
    {
        using var questions = new MemoryStream();
        foreach (var saver in (string[])["jpegsave_buffer", "pngsave_buffer", "webpsave_buffer"])
        {
            var picture = Sample(saver);
            Ask(picture, ManyPixels);
            Ask(picture, 1);
            Ask(picture[..(picture.Length / 2)], ManyPixels);
        }
        Ask([.. "neither a picture nor anything else"u8], ManyPixels);
        questions.Position = 0;
        using var answers = new MemoryStream();
        using var loop = new WorkerLoop(questions, answers, static () => { });
        loop.Run();

        void Ask(byte[] picture, long mostPixels)
        {
            foreach (var operation in Enum.GetValues<WorkerOperation>())
            {
                WorkerLoop.Send(questions, new WorkerRequest(1, operation, 4, 80, mostPixels, CpuSeconds), WorkerJson.Default.WorkerRequest, picture);
            }
        }
    }

    /// <summary>Eight by eight pixels, made by the library itself; no picture where it was built without the format.</summary>
    private static byte[] Sample(string saver)
    {
        try
        {
            using var black = new VipsOperation("black").With("width", "8").With("height", "8").With("bands", "3").Run();
            using var image = black.Image("out");
            using var save = new VipsOperation(saver).WithImage("in", image).Run();
            return save.Bytes("buffer");
        }
        catch (VipsException)
        {
            return [0];
        }
    }
}
