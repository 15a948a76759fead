using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Requests;
using MeterSync.Modules.Accounts.Store;

namespace MeterSync.Modules.Accounts.SetUserRoles;

/// <param name="Roles">Names; the first is shown as the role.</param>
internal sealed record SetUserRolesRequest([property: Required, MinLength(1), MaxLength(UserLimits.MostRoles)] IReadOnlyList<string>? Roles);

internal static class SetUserRolesEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/users/{id:guid}/roles", async (Guid id, SetUserRolesRequest request, HttpRequest http, SetUserRolesHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new UserId(id), request, EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer(user => user.Version))
            .Slice<UserView>("SetUserRoles", "Give a user these roles in place of the present ones").RequirePersonWith(AccountPermissions.WriteUsers)
            .BodyLike("""{"roles":["manager"]}""");
}

internal sealed class SetUserRolesHandler(UserWrites writes)
{
    public Task<Outcome<UserView>> HandleAsync(UserId id, SetUserRolesRequest request, int? expectedVersion, CancellationToken cancellationToken) =>
        writes.ChangeAsync(id, expectedVersion, (user, token) => writes.FillAsync(user, new UserRequest { Roles = request.Roles }, whole: false, token), cancellationToken);
}
