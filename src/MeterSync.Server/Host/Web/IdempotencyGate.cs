using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Store;
using MeterSync.Store.Idempotency;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Host.Web;

/// <summary>Honours Idempotency-Key on POST for 24 hours: the key is saved in the transaction of the request's effect, and the first answer is kept.</summary>
internal sealed class IdempotencyGate(RequestDelegate next)
{
    private const int MaximumKeyLength = 255;
    private const int LooksForOther = 60;
    private static readonly TimeSpan StillUnderWay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    public async Task InvokeAsync(HttpContext context, CallerAccessor callers, TimeProvider clock)
    {
        var header = context.Request.Headers["Idempotency-Key"].ToString();
        if (header.Length == 0 || !HttpMethods.IsPost(context.Request.Method) || callers.Known is not { } caller || context.GetEndpoint()?.Metadata.GetMetadata<RepeatsSafely>() is not null)
        {
            await next(context);
            return;
        }

        var scope = context.RequestServices.GetRequiredService<IdempotencyScope>();
        var db = context.RequestServices.GetRequiredService<MeterSyncDb>();
        if (header.Length > MaximumKeyLength)
        {
            await ProblemAnswer.WriteAsync(context, KernelProblems.Invalid.For("idempotency_key", "The Idempotency-Key header is longer than 255 characters."));
            return;
        }

        var key = new IdempotencyKey { CallerName = caller.UserId?.Value.ToString() ?? caller.Name, Key = header, RequestHash = context.RequestServices.GetRequiredService<IAccessTokens>().Fingerprint(await RequestHash.OfAsync(context.Request, context.RequestAborted)), CreatedAt = clock.GetUtcNow().ToStored() };
        var first = await db.Set<IdempotencyKey>().AsNoTracking().FirstOrDefaultAsync(known => known.CallerName == key.CallerName && known.Key == key.Key, context.RequestAborted);
        if (first is not null && first.CreatedAt < key.CreatedAt - IdempotencyKey.KeptFor)
        {
            // The sweep, or the same request sent twice, may be faster.
            await db.Set<IdempotencyKey>().Where(known => known.CallerName == key.CallerName && known.Key == key.Key && known.CreatedAt == first.CreatedAt).ExecuteDeleteAsync(context.RequestAborted);
            first = null;
        }

        if (first is not null)
        {
            var underWay = first.Status is null && first.CreatedAt > key.CreatedAt - StillUnderWay;
            await ReplayAsync(context, underWay ? await AnswerOfOtherAsync(context, db, key) ?? first : first, key);
            return;
        }

        scope.Begin(key);
        await AnswerAndKeepAsync(context, scope, db, key);
    }

    private static async Task ReplayAsync(HttpContext context, IdempotencyKey first, IdempotencyKey key)
    {
        if (!first.RequestHash.AsSpan().SequenceEqual(key.RequestHash))
        {
            await ProblemAnswer.WriteAsync(context, KernelProblems.IdempotencyMismatch.Because("This Idempotency-Key came with other content before. Use a new key for a new request."));
        }
        else if (first is not { Status: { } status, Body: { } body })
        {
            await ProblemAnswer.WriteAsync(context, KernelProblems.IdempotencyPending.Because("The first request with this key was carried out, but its answer is not kept. Look the result up instead of sending it again.") with { RetryAfterSeconds = 1 });
        }
        else
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.Headers.ETag = first.EntityTag;
            context.Response.Headers.Location = first.Location;
            context.Response.Headers["Idempotency-Replayed"] = "true";
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    private async Task AnswerAndKeepAsync(HttpContext context, IdempotencyScope scope, MeterSyncDb db, IdempotencyKey key)
    {
        var wire = context.Response.Body;
        using var kept = new MemoryStream();
        context.Response.Body = kept;
        try
        {
            await next(context);
        }
        catch (Exception exception) when (scope.Joined && StoreFaults.IsConflict(exception) && !context.Response.HasStarted)
        {
            context.Response.Body = wire;
            if (!await ReplayOtherAsync(context, db, key))
            {
                throw;
            }

            return;
        }
        finally
        {
            context.Response.Body = wire;
        }

        var status = context.Response.StatusCode;
        if (status < StatusCodes.Status400BadRequest && scope.Joined && context.GetEndpoint()?.Metadata.GetMetadata<SecretAnswer>() is null)
        {
            var body = kept.ToArray();
            var (tag, location) = (context.Response.Headers.ETag.FirstOrDefault(), context.Response.Headers.Location.FirstOrDefault());
            await db.Set<IdempotencyKey>().Where(known => known.CallerName == key.CallerName && known.Key == key.Key)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(known => known.Status, status).SetProperty(known => known.Body, body).SetProperty(known => known.EntityTag, tag).SetProperty(known => known.Location, location),
                    CancellationToken.None);
        }
        else if (status >= StatusCodes.Status400BadRequest && await ReplayOtherAsync(context, db, key))
        {
            return;
        }

        kept.Position = 0;
        await kept.CopyToAsync(wire, context.RequestAborted);
    }

    /// <summary>The same key, sent twice at once, and the other was faster: it alone took effect, so its answer is ours too.
    /// False where there was no other: then the refusal is this request's own, and the key is still free.</summary>
    private static async Task<bool> ReplayOtherAsync(HttpContext context, MeterSyncDb db, IdempotencyKey key)
    {
        db.ChangeTracker.Clear();
        if (await AnswerOfOtherAsync(context, db, key) is not { } other)
        {
            return false;
        }

        context.Response.Clear();
        await ReplayAsync(context, other, key);
        return true;
    }

    /// <summary>Waits a little for the other request to answer. Null where the conflict had another cause than the key.</summary>
    private static async Task<IdempotencyKey?> AnswerOfOtherAsync(HttpContext context, MeterSyncDb db, IdempotencyKey key)
    {
        for (var attempt = 1; ; attempt++)
        {
            var other = await db.Set<IdempotencyKey>().AsNoTracking().FirstOrDefaultAsync(known => known.CallerName == key.CallerName && known.Key == key.Key, context.RequestAborted);
            if (other is null or { Status: not null } || attempt == LooksForOther)
            {
                return other;
            }

            await Task.Delay(BetweenLooks, context.RequestAborted);
        }
    }
}
