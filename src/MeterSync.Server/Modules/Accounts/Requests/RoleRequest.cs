using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;

namespace MeterSync.Modules.Accounts.Requests;

/// <param name="Name">Lower-case letters, digits and dashes; fixed once the role is made.</param>
/// <param name="Permissions">Of GET /permissions.</param>
/// <param name="Sees">scope: all, or the regions the person was given; own: what the person made or was given.</param>
internal sealed record RoleRequest(
    [property: Required, RegularExpression("^[a-z][a-z0-9-]{1,48}[a-z0-9]$", ErrorMessage = "A role's name has 3 to 50 lower-case letters, digits and dashes, and begins with a letter.")] string? Name,
    [property: PlainText(500)] string? Description,
    [property: Required, MaxLength(200)] IReadOnlyList<string>? Permissions,
    [property: TermOf(typeof(RoleSight))] string? Sees);
