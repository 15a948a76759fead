using System.Globalization;
using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;

namespace MeterSync.Modules.Accounts;

/// <summary>A role as the API shows one.</summary>
/// <param name="BuiltIn">There from the start; it cannot be changed.</param>
/// <param name="Sees">Whose rows: the person's scope, or the person's own.</param>
internal sealed record RoleView(Guid Id, string Name, string? Description, IReadOnlyList<string> Permissions, RoleSight Sees, bool BuiltIn, int Version)
{
    private static readonly string[] Meanings =
    [
        "Everything, including accounts, roles and settings.",
        "Everything about meters, readings, exports and billing runs within the person's scope.",
        "Looks at meters, records readings and sees the own ones.",
        "Looks and exports within the person's scope, and changes nothing.",
    ];

    public static RoleView Of(Role role) =>
        new(role.Id.Value, role.Name, role.Description, WordList.Of(role.Permissions), role.Sees, BuiltIn: false, role.Version);

    /// <summary>The four that every installation has, under the same ids everywhere.</summary>
    public static IReadOnlyList<RoleView> BuiltIns(PermissionCatalog catalog) =>
        [.. BuiltInRole.All.Select((role, index) => new RoleView(
            Guid.Parse(string.Create(CultureInfo.InvariantCulture, $"00000000-0000-7000-8000-{index + 1:d12}")),
            role,
            Meanings[index],
            [.. catalog.Of(role).Order(StringComparer.Ordinal)],
            role == BuiltInRole.Agent ? RoleSight.Own : RoleSight.Scope,
            BuiltIn: true,
            1))];
}
