namespace MeterSync.Kernel;

/// <summary>Problems any route can answer with.</summary>
public static class KernelProblems
{
    public static readonly ProblemCode Invalid = new("request.invalid", 400, "A field of the request is missing or not acceptable; details names it.");
    public static readonly ProblemCode Malformed = new("request.malformed", 400, "The body or a parameter could not be read at all.");
    public static readonly ProblemCode Unauthenticated = new("auth.required", 401, "No valid access token was given.");
    public static readonly ProblemCode Forbidden = new("auth.forbidden", 403, "The signed-in user lacks the permission this route needs.");
    public static readonly ProblemCode ScopeTooNarrow = new("auth.scope_too_narrow", 403, "This is about meters outside of the regions whose meters the caller sees.");
    public static readonly ProblemCode AddressBlocked = new("request.address_blocked", 403, "Requests from this address are refused: it is on the block list.");
    public static readonly ProblemCode NotFound = new("resource.not_found", 404, "There is no such thing, or it is not yours to see.");
    public static readonly ProblemCode MethodNotAllowed = new("request.method_not_allowed", 405, "The route exists, but not with this method.");
    public static readonly ProblemCode LostUpdate = new("resource.lost_update", 412, "Someone changed it since you read it; fetch it again and repeat the change.");
    public static readonly ProblemCode TooLarge = new("request.too_large", 413, "The body is larger than this route accepts.");
    public static readonly ProblemCode UnsupportedMediaType = new("request.unsupported_media_type", 415, "The route does not read this content type.");
    public static readonly ProblemCode TooMany = new("request.too_many", 429, "Too many requests; wait as Retry-After says.");
    public static readonly ProblemCode Unexpected = new("server.error", 500, "An error of ours; the trace id finds it in the log.");
    public static readonly ProblemCode Unavailable = new("server.unavailable", 503, "The database or disk cannot serve right now; nothing was changed. Try again after Retry-After.");
    public static readonly ProblemCode Overloaded = new("server.overloaded", 503, "More of this is asked for than the server can do at the moment; nothing was changed. Try again after Retry-After.");
    public static readonly ProblemCode IdempotencyMismatch = new("idempotency.mismatch", 409, "This Idempotency-Key was used for a request with other content.");
    public static readonly ProblemCode IdempotencyPending = new("idempotency.pending", 409, "The first request with this Idempotency-Key has not answered yet.");
    public static readonly ProblemCode JobGivenUp = new("job.given_up", 500, "The background job was broken off each time it ran, perhaps because it brings the server down; it is not begun again.");
    public static readonly ProblemCode Conflict = new("resource.conflict", 409, "The change collides with what is stored already.");
}
