using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization.Metadata;
using MeterSync.Vision.Pictures;

namespace MeterSync.Vision.Worker;

/// <summary>Takes questions from one stream, one after the other, and writes the answers to another one.</summary>
/// <param name="input">Questions.</param>
/// <param name="output">Answers.</param>
/// <param name="atEnd">Called as soon as the input ends, whatever is being decoded.</param>
internal sealed unsafe class WorkerLoop(Stream input, Stream output, Action atEnd) : IDisposable
{
    private const int LongestDetail = 500;

    private readonly BlockingCollection<Question> _questions = new(boundedCapacity: 1);

    public void Run()
    {
        // A thread of its own, so that the end of the input is seen in the middle of a picture too.
        new Thread(Listen) { IsBackground = true, Name = "questions" }.Start();
        foreach (var question in _questions.GetConsumingEnumerable())
        {
            ProcessLimits.AllowCpu(question.Request.CpuSeconds);
            var (answer, thumbnail) = Answer(question.Request, question.Data, (nuint)question.Length);
            NativeMemory.Free((void*)question.Data);
            Send(output, answer, WorkerJson.Default.WorkerAnswer, thumbnail);
        }
    }

    public static void Send<T>(Stream output, T head, JsonTypeInfo<T> form, byte[] body)
    {
        output.Write(WorkerFrame.Begin(head, form, body.Length));
        output.Write(body);
    }

    public void Dispose() => _questions.Dispose();

    private static (WorkerAnswer Answer, byte[] Thumbnail) Answer(WorkerRequest request, nint data, nuint length)
    {
        try
        {
            if (request.Operation == WorkerOperation.Facts)
            {
                return (new WorkerAnswer(request.Id, PictureDecoder.Facts(data, length, request.MostPixels), 0, 0, null), []);
            }
            var made = PictureDecoder.Thumbnail(data, length, request.MaxEdge, request.Quality, request.MostPixels);
            return (new WorkerAnswer(request.Id, made.Facts, made.Width, made.Height, null), made.Jpeg);
        }
        catch (PictureRefusedException refused)
        {
            var detail = refused.Message.Length <= LongestDetail ? refused.Message : refused.Message[..LongestDetail];
            return (new WorkerAnswer(request.Id, null, 0, 0, new WorkerRefusal(refused.Fault, detail, refused.Size.Width, refused.Size.Height)), []);
        }
    }

    private void Listen()
    {
        var prefix = new byte[WorkerFrame.PrefixBytes];
        while (input.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) == prefix.Length)
        {
            var (headBytes, bodyBytes) = WorkerFrame.LengthsOf(prefix, WorkerFrame.MostPictureBytes);
            var head = new byte[headBytes];
            input.ReadExactly(head);
            var data = (nint)NativeMemory.Alloc((nuint)Math.Max(bodyBytes, 1));
            input.ReadExactly(new Span<byte>((void*)data, bodyBytes));
            _questions.Add(new Question(WorkerFrame.HeadOf(head, WorkerJson.Default.WorkerRequest), data, bodyBytes));
        }
        atEnd();
        _questions.CompleteAdding();
    }

    private sealed record Question(WorkerRequest Request, nint Data, int Length);
}
