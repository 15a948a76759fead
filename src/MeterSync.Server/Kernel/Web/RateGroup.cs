using MeterSync.Kernel.Limits;

namespace MeterSync.Kernel.Web;

/// <summary>Which limit a route's requests count against. Routes that name none count as requests of their caller.</summary>
public sealed class RateGroup
{
    /// <summary>Never limited: what watches over the server asks often.</summary>
    public static readonly RateGroup None = new();

    /// <summary>Reading a photo.</summary>
    public static readonly RateGroup Ocr = new();

    /// <summary>Starting an export. A refused one does not count.</summary>
    public static readonly RateGroup Export = new();

    /// <summary>Signing in, by address: apart from other anonymous requests, so that those keep nobody from signing in.</summary>
    public static readonly RateGroup SignIn = new();

    /// <summary>Refreshing a session, by address: a depot's phones do it all at once.</summary>
    public static readonly RateGroup Refresh = new();

    /// <summary>What phones bring and fetch, and the pieces of their uploads.</summary>
    public static readonly RateGroup Sync = new();

    private RateGroup()
    {
    }

    /// <summary>What is counted; null where the group says it in another way.</summary>
    public RateBucket? Bucket { get; private init; }

    /// <summary>Requests of one person, with <see cref="Bucket"/>.</summary>
    public int PerMinute { get; private init; }

    /// <summary>An allowance of its own for each person, beside that for requests of other kinds.</summary>
    public static RateGroup OfItsOwn(RateBucket bucket, int perMinute) => new() { Bucket = bucket, PerMinute = perMinute };
}

public static class RateGroups
{
    public static TBuilder CountedAs<TBuilder>(this TBuilder route, RateGroup group)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(group);
}
