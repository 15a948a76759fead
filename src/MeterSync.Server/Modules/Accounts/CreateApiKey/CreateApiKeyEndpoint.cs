using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Requests;
using MeterSync.Modules.Accounts.Rights;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.CreateApiKey;

/// <param name="Name">What it is for.</param>
/// <param name="Permissions">Some of one's own.</param>
/// <param name="ExpiresAt">Left out: a year from now.</param>
internal sealed record CreateApiKeyRequest(
    [property: Required, PlainText(UserLimits.Word), MinLength(1)] string? Name,
    [property: Required, MinLength(1), MaxLength(200)] IReadOnlyList<string>? Permissions,
    DateTimeOffset? ExpiresAt);

/// <param name="Key">The key itself, shown this once.</param>
/// <param name="ApiKey">What is kept of it.</param>
internal sealed record NewApiKeyView(string Key, ApiKeyView ApiKey);

internal static class CreateApiKeyEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api-keys", async (CreateApiKeyRequest request, CreateApiKeyHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToCreated(made => $"/api/v1/api-keys/{made.ApiKey.Id}"))
            .Slice<NewApiKeyView>("CreateApiKey", "Make a key for a program, which acts as you with the permissions named; it is shown only this once", StatusCodes.Status201Created).RequirePerson().AnswersWithSecret()
            .BodyLike("""{"name":"Nightly billing export","permissions":["billing:read","exports:create"]}""");
}

internal sealed class CreateApiKeyHandler(MeterSyncDb db, PermissionCatalog catalog, Grants grants, AccessDirectory directory, CallerAccessor callers, TimeProvider clock, IdSource ids)
{
    private const int MostKeys = 50;
    private static readonly TimeSpan Life = TimeSpan.FromDays(365);
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(3650);

    public async Task<Outcome<NewApiKeyView>> HandleAsync(CreateApiKeyRequest request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToStored();
        if (callers.Caller.UserId is not { } user)
        {
            return AccountProblems.UserNotFound.Because("The operator at the machine has no account a key could belong to.");
        }

        if (request.Permissions!.Where(name => !catalog.All.Any(permission => permission.Name == name)).ToList() is [var unknown, ..])
        {
            return AccountProblems.UnknownPermission.For("permissions", $"There is no permission '{unknown}'. GET /api/v1/permissions lists them.");
        }

        if (grants.RefusePermissions("permissions", request.Permissions!) is { } refused)
        {
            return refused;
        }

        var expires = request.ExpiresAt?.ToStored() ?? now + Life;
        if (expires <= now || expires > now + LongestLife)
        {
            return KernelProblems.Invalid.For("expires_at", "A key expires in the future, at most ten years from now.");
        }

        if (await db.Set<ApiKey>().CountAsync(key => key.UserId == user && key.RevokedAt == null, cancellationToken) >= MostKeys)
        {
            return KernelProblems.Invalid.For("name", $"You have {MostKeys} keys. Revoke those that are not used any more.");
        }

        var id = ids.Next<ApiKeyId>();
        var (text, hash) = ApiKeyText.Make(id);
        var made = new ApiKey { Id = id, UserId = user, Name = request.Name!.Trim(), Hash = hash, Permissions = WordList.Join(request.Permissions!.Order(StringComparer.Ordinal)), CreatedAt = now, ExpiresAt = expires, UpdatedAt = now };
        db.Set<ApiKey>().Add(made);
        await db.SaveChangesAsync(cancellationToken);
        await directory.FollowAsync();
        return new NewApiKeyView(text, ApiKeyView.Of(made));
    }
}
