using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Requests;
using MeterSync.Modules.Accounts.Store;

namespace MeterSync.Modules.Accounts.UpdateMe;

/// <summary>What people may change about themselves; what is left out stays. Address, roles and scope are an administrator's to change.</summary>
/// <param name="Phone">Empty removes it.</param>
internal sealed record UpdateMeRequest(
    [property: PlainText(UserLimits.Name), MinLength(1)] string? Name,
    [property: PlainText(UserLimits.Word)] string? Phone);

internal static class UpdateMeEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPatch("/auth/me", async (UpdateMeRequest request, HttpRequest http, UpdateMeHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer(user => user.Version))
            .Slice<UserView>("UpdateMe", "Change one's own name and telephone number").RequirePerson()
            .BodyLike("""{"phone":"+44 20 7946 0000"}""");
}

internal sealed class UpdateMeHandler(UserWrites writes, CallerAccessor callers)
{
    public async Task<Outcome<UserView>> HandleAsync(UpdateMeRequest request, int? expectedVersion, CancellationToken cancellationToken)
    {
        var change = new UserRequest();
        if (request.Name is not null)
        {
            change.Name = request.Name;
        }

        if (request.Phone is not null)
        {
            change.Phone = request.Phone;
        }

        return callers.Caller.UserId is { } id
            ? await writes.ChangeAsync(id, expectedVersion, (user, token) => writes.FillAsync(user, change, whole: false, token), cancellationToken)
            : AccountProblems.UserNotFound.Because("The operator at the machine has no account to change.");
    }
}
