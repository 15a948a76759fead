using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Requests;
using MeterSync.Modules.Accounts.Store;

namespace MeterSync.Modules.Accounts.CreateUser;

/// <summary>A new user. Without a password an invitation is mailed, from which the person chooses one.</summary>
/// <param name="Role">One role; viewer where neither role nor roles is given.</param>
/// <param name="Scope">all or regions; regions without any where left out: the person sees nothing until given some.</param>
internal sealed record CreateUserRequest(
    [property: Required, StringLength(EmailName.MaximumLength)] string? Email,
    [property: Username] string? Username,
    [property: Required, PlainText(UserLimits.Name)] string? Name,
    [property: Phone, PlainText(UserLimits.Word)] string? Phone,
    [property: PlainText(UserLimits.Word)] string? Department,
    [property: PlainText(UserLimits.Word)] string? Region,
    [property: StringLength(UserLimits.RoleName)] string? Role,
    [property: MaxLength(UserLimits.MostRoles)] IReadOnlyList<string>? Roles,
    [property: TermOf(typeof(UserScope))] string? Scope,
    [property: MaxLength(UserLimits.MostRegions)] IReadOnlyList<Guid>? RegionIds,
    [property: StringLength(UserLimits.Password)] string? Password);

internal static class CreateUserEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/users", async (CreateUserRequest request, CreateUserHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToCreated(user => $"/api/v1/users/{user.Id}", user => user.Version))
            .Slice<UserView>("CreateUser", "Make a user, or invite one by mail", StatusCodes.Status201Created).RequirePersonWith(AccountPermissions.WriteUsers)
            .BodyLike("""{"email":"ines@example.com","username":"ines","name":"Ines Example","role":"agent","password":"correct-horse-battery"}""");
}

internal sealed class CreateUserHandler(NewUsers users)
{
    public Task<Outcome<UserView>> HandleAsync(CreateUserRequest request, CancellationToken cancellationToken) =>
        users.MakeAsync(
            new UserRequest
            {
                Email = request.Email,
                Username = request.Username,
                Name = request.Name,
                Phone = request.Phone,
                Department = request.Department,
                Region = request.Region,
                Role = request.Role,
                Roles = request.Roles,
                Scope = request.Scope,
                RegionIds = request.RegionIds,
            },
            request.Password,
            cancellationToken);
}
