using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Requests;
using MeterSync.Modules.Accounts.Store;

namespace MeterSync.Modules.Accounts.PatchUser;

internal static class PatchUserEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPatch("/users/{id:guid}", async (Guid id, UserRequest request, HttpRequest http, PatchUserHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new UserId(id), request, EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer(user => user.Version))
            .Slice<UserView>("PatchUser", "Change the fields given and leave the others").RequirePersonWith(AccountPermissions.WriteUsers)
            .BodyLike("""{"department":"Field","phone":"+44 20 7946 0000"}""");
}

internal sealed class PatchUserHandler(UserWrites writes)
{
    public Task<Outcome<UserView>> HandleAsync(UserId id, UserRequest request, int? expectedVersion, CancellationToken cancellationToken) =>
        writes.ChangeAsync(id, expectedVersion, (user, token) => writes.FillAsync(user, request, whole: false, token), cancellationToken);
}
