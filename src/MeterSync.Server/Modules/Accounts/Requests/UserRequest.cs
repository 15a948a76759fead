using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;

namespace MeterSync.Modules.Accounts.Requests;

/// <summary>A user as an administrator describes one. It remembers which fields were given: PATCH changes those, PUT sets the others back.</summary>
internal sealed class UserRequest
{
    private readonly HashSet<string> given = new(StringComparer.Ordinal);

    [StringLength(EmailName.MaximumLength)]
    public string? Email { get; set => field = Take(value); }

    [Username]
    public string? Username { get; set => field = Take(value); }

    [PlainText(UserLimits.Name)]
    public string? Name { get; set => field = Take(value); }

    [Phone, PlainText(UserLimits.Word)]
    public string? Phone { get; set => field = Take(value); }

    [PlainText(UserLimits.Word)]
    public string? Department { get; set => field = Take(value); }

    [PlainText(UserLimits.Word)]
    public string? Region { get; set => field = Take(value); }

    /// <summary>One role; the same as <c>roles</c> with it alone.</summary>
    [StringLength(UserLimits.RoleName)]
    public string? Role { get; set => field = Take(value); }

    /// <summary>Role names; the first is shown as the role.</summary>
    [MaxLength(UserLimits.MostRoles)]
    public IReadOnlyList<string>? Roles { get; set => field = Take(value); }

    /// <summary>Whose rows the person sees, where the roles see more than the own ones.</summary>
    [TermOf(typeof(UserScope))]
    public string? Scope { get; set => field = Take(value); }

    /// <summary>With the scope regions.</summary>
    [MaxLength(UserLimits.MostRegions)]
    public IReadOnlyList<Guid>? RegionIds { get; set => field = Take(value); }

    [TermOf(typeof(UserStatus))]
    public string? Status { get; set => field = Take(value); }

    public bool Gives(string name) => given.Contains(name);

    private T Take<T>(T value, [CallerMemberName] string name = "")
    {
        given.Add(name);
        return value;
    }
}

internal static class UserLimits
{
    public const int Name = 200;
    public const int Word = 100;
    public const int RoleName = 50;
    public const int MostRoles = 20;
    public const int MostRegions = 500;
    public const int Password = 1024;
}

/// <summary>A user name. Null passes.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class UsernameAttribute() : RegularExpressionAttribute("^[A-Za-z0-9._-]{2,100}$")
{
    public override string FormatErrorMessage(string name) => "A user name has 2 to 100 letters, digits, dots, dashes and underscores.";
}
