namespace MeterSync.Kernel.Web;

/// <summary>Short ways from an <see cref="Outcome{T}"/> to an answer.</summary>
public static class Answers
{
    public static Answer<T> ToAnswer<T>(this Outcome<T> outcome, string? message = null) => new(outcome) { Message = message };

    /// <summary>With an ETag.</summary>
    public static Answer<T> ToAnswer<T>(this Outcome<T> outcome, Func<T, int> version) => new(outcome) { Version = version };

    public static Answer<T> ToCreated<T>(this Outcome<T> outcome, Func<T, string> location, Func<T, int>? version = null) =>
        new(outcome) { Status = StatusCodes.Status201Created, Location = location, Version = version };

    /// <summary>202 with the job to ask about.</summary>
    public static Answer<JobView> ToAccepted(this Outcome<JobView> outcome, Func<JobView, string> location) =>
        new(outcome) { Status = StatusCodes.Status202Accepted, Location = location };
}
