using MeterSync.Kernel;

namespace MeterSync.Store.Vision;

internal static class VisionProblems
{
    public static readonly ProblemCode TooManyPixels = new("photo.too_many_pixels", 400, "The picture has more pixels than are decoded.");
    public static readonly ProblemCode Unreadable = new("photo.unreadable", 400, "The bytes are no picture that can be decoded: another format, damaged, or cut off.");
    public static readonly ProblemCode WorkerFailed = new("photo.worker_failed", 503, "The process that decodes pictures ended while it worked on this one, or took too long; trying again later may help.");
    public static readonly ProblemCode WorkerUnavailable = new("photo.worker_unavailable", 503, "The process that decodes pictures cannot be started, as where its library is missing; it says nothing about the picture.");
}
