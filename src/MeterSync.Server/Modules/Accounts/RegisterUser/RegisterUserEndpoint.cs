using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Requests;

namespace MeterSync.Modules.Accounts.RegisterUser;

/// <summary>Somebody who registers. Role and user name are for administrators to give.</summary>
/// <param name="Invitation">Token of the invitation's mail; then the address is that of the invitation.</param>
internal sealed record RegisterUserRequest(
    [property: StringLength(EmailName.MaximumLength)] string? Email,
    [property: Username] string? Username,
    [property: PlainText(UserLimits.Name)] string? Name,
    [property: Phone, PlainText(UserLimits.Word)] string? Phone,
    [property: Required, StringLength(UserLimits.Password)] string? Password,
    [property: StringLength(UserLimits.RoleName)] string? Role,
    [property: StringLength(200)] string? Invitation);

/// <summary>What became of a registration. The same for an address that has an account already: its owner gets a mail instead.</summary>
/// <param name="Id">Null until the address is confirmed.</param>
internal sealed record RegistrationView(Guid? Id, string Email, string Role, UserStatus Status);

internal static class RegisterUserEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/register", async (RegisterUserRequest request, RegisterUserHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(request, cancellationToken)).ToCreated(made => made.Id is { } id ? $"/api/v1/users/{id}" : "/api/v1/auth/me"))
            .Slice<RegistrationView>("RegisterUser", "Register oneself where that is open, take up an invitation, or, with users:write, make a user", StatusCodes.Status201Created).OpenToAllKnowingCaller()
            .BodyLike("""{"email":"ines@example.com","name":"Ines Example","password":"correct-horse-battery"}""");
}
