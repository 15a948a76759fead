using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Public;
using MeterSync.Modules.Accounts.SignIn;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.CreateUser;

internal sealed record CreateUserRequest(
    [property: Required, EmailAddress, StringLength(254)] string? Email,
    [property: StringLength(100, MinimumLength = 2), RegularExpression("^[A-Za-z0-9._-]+$", ErrorMessage = "A user name has letters, digits, dots, dashes and underscores.")] string? Username,
    [property: Required, StringLength(200, MinimumLength = 1)] string? Name,
    [property: Required, AllowedValues(BuiltInRole.Admin, BuiltInRole.Manager, BuiltInRole.Agent, BuiltInRole.Viewer, ErrorMessage = "The role is one of: admin, manager, agent, viewer.")] string? Role,
    [property: Required, StringLength(1024)] string? Password);

internal static class CreateUserEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/users", async (CreateUserRequest request, CreateUserHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToCreated(user => $"/api/v1/users/{user.Id}", user => user.Version))
            .Slice<UserView>("CreateUser", "Make a user", StatusCodes.Status201Created).RequirePermission(AccountPermissions.WriteUsers)
            .BodyLike("""{"email":"ines@example.com","username":"ines","name":"Ines Example","role":"agent","password":"correct-horse-battery"}""");
}

internal sealed class CreateUserHandler(MeterSyncDb db, IPasswords passwords, PermissionCatalog permissions, TimeProvider clock, IdSource ids)
{
    public async Task<Outcome<UserView>> HandleAsync(CreateUserRequest request, CancellationToken cancellationToken)
    {
        if (PasswordRules.Check("password", request.Password!) is { } weak)
        {
            return weak;
        }

        var email = request.Email!.Trim().ToLowerInvariant();
        var username = request.Username?.Trim().ToLowerInvariant();
        var taken = await db.Set<User>().Where(user => user.Email == email || (username != null && user.Username == username)).Select(user => user.Email).ToListAsync(cancellationToken);
        if (taken.Count > 0)
        {
            return taken.Contains(email)
                ? AccountProblems.EmailTaken.For("email", $"Another user has the address {email}.")
                : AccountProblems.UsernameTaken.For("username", $"Another user is called {username}.");
        }

        var now = clock.GetUtcNow().ToStored();
        var made = new User
        {
            Id = ids.Next<UserId>(),
            Email = email,
            Username = username,
            Name = request.Name!.Trim(),
            Role = request.Role!,
            PasswordHash = await passwords.HashAsync(request.Password!, cancellationToken),
            CreatedAt = now,
            UpdatedAt = now,
        };
        db.Set<User>().Add(made);
        await db.SaveChangesAsync(cancellationToken);
        return UserView.Of(made, permissions.Of(made.Role));
    }
}
