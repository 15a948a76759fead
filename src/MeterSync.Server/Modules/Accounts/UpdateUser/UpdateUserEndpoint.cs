using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Requests;
using MeterSync.Modules.Accounts.Store;

namespace MeterSync.Modules.Accounts.UpdateUser;

internal static class UpdateUserEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/users/{id:guid}", async (Guid id, UserRequest request, HttpRequest http, UpdateUserHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new UserId(id), request, EntityTag.ExpectedBy(http), cancellationToken)).ToAnswer(user => user.Version))
            .Slice<UserView>("UpdateUser", "Replace a user's fields; those left out are emptied; roles, scope and status stay unless given").RequirePersonWith(AccountPermissions.WriteUsers)
            .BodyLike("""{"email":"ines@example.com","name":"Ines Example","role":"agent","department":"Field"}""");
}

internal sealed class UpdateUserHandler(UserWrites writes)
{
    public Task<Outcome<UserView>> HandleAsync(UserId id, UserRequest request, int? expectedVersion, CancellationToken cancellationToken) =>
        writes.ChangeAsync(id, expectedVersion, (user, token) => writes.FillAsync(user, request, whole: true, token), cancellationToken);
}
