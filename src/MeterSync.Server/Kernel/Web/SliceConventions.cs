using Microsoft.AspNetCore.Http.Metadata;

namespace MeterSync.Kernel.Web;

/// <summary>The permission a route asks for, or the reason it asks for none.</summary>
/// <param name="Permission">Null where any signed-in user may call.</param>
/// <param name="Anonymous">True where nobody needs to be signed in.</param>
public sealed record RoutePermission(Permission? Permission, bool Anonymous)
{
    /// <summary>Nobody needs to be signed in, but the route wants to know who is.</summary>
    public bool KnowsCaller { get; init; }

    /// <summary>Only people who signed in, no programs: the route is about sign-ins themselves.</summary>
    public bool ForPeople { get; init; }
}

/// <summary>A request body as the API document shows it.</summary>
/// <param name="Json">One JSON object.</param>
public sealed record BodyExample(string Json);

/// <summary>The answer holds a secret that is shown once: no copy of it is kept for a repeated request.</summary>
public sealed record SecretAnswer;

/// <summary>Sent again, the request does nothing twice and gets its first answer by itself: an Idempotency-Key has nothing to add, and is passed over.</summary>
public sealed record RepeatsSafely;

/// <summary>Marks a route as one slice: its OpenAPI operation id, summary and answers.</summary>
public static class SliceConventions
{
    /// <summary>Names the slice (the operation id, the folder and the test class share it) and what it answers with.</summary>
    public static RouteHandlerBuilder Slice<TAnswer>(this RouteHandlerBuilder route, string name, string summary, int status = StatusCodes.Status200OK) =>
        route.WithName(name).WithSummary(summary).Produces<Envelope<TAnswer>>(status, "application/json");

    public static RouteHandlerBuilder RequirePermission(this RouteHandlerBuilder route, Permission permission) =>
        route.WithMetadata(new RoutePermission(permission, Anonymous: false));

    /// <summary>Any signed-in user may call: the route only touches what is the user's own.</summary>
    public static RouteHandlerBuilder RequireSignIn(this RouteHandlerBuilder route) =>
        route.WithMetadata(new RoutePermission(null, Anonymous: false));

    /// <summary>As <see cref="RequireSignIn"/>, and not with an API key: a key must not make another key or change how its owner signs in.</summary>
    public static RouteHandlerBuilder RequirePerson(this RouteHandlerBuilder route) =>
        route.WithMetadata(new RoutePermission(null, Anonymous: false) { ForPeople = true });

    /// <summary>As <see cref="RequirePermission"/>, and not with an API key: what a key could do to accounts would outlive it.</summary>
    public static RouteHandlerBuilder RequirePersonWith(this RouteHandlerBuilder route, Permission permission) =>
        route.WithMetadata(new RoutePermission(permission, Anonymous: false) { ForPeople = true });

    /// <summary>Nobody needs to be signed in; who is, is known.</summary>
    public static RouteHandlerBuilder OpenToAllKnowingCaller(this RouteHandlerBuilder route) =>
        route.WithMetadata(new RoutePermission(null, Anonymous: true) { KnowsCaller = true });

    /// <summary>Nobody needs to be signed in.</summary>
    public static RouteHandlerBuilder OpenToAll(this RouteHandlerBuilder route) =>
        route.WithMetadata(new RoutePermission(null, Anonymous: true));

    /// <summary>See <see cref="SecretAnswer"/>.</summary>
    public static RouteHandlerBuilder AnswersWithSecret(this RouteHandlerBuilder route) => route.WithMetadata(new SecretAnswer());

    /// <summary>Raises the body limit of a route that takes files.</summary>
    public static RouteHandlerBuilder BodyUpTo(this RouteHandlerBuilder route, long bytes) =>
        route.WithMetadata(new BodyLimit(bytes));

    /// <summary>A body the route takes, shown in the API document. A test posts every one of them.</summary>
    public static RouteHandlerBuilder BodyLike(this RouteHandlerBuilder route, [System.Diagnostics.CodeAnalysis.StringSyntax("Json")] string json) =>
        route.WithMetadata(new BodyExample(json));

    private sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
