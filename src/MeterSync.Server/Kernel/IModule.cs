using System.Text.Json.Serialization.Metadata;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Kernel;

/// <summary>A feature area. Listed explicitly, in dependency order, in ModuleCatalog.</summary>
public interface IModule
{
    /// <summary>The folder and namespace name under Modules.</summary>
    string Name { get; }

    /// <summary>What the module's routes may ask for, and which built-in roles hold it.</summary>
    IReadOnlyList<GrantedPermission> Permissions { get; }

    /// <summary>Serialisation metadata of every body the module reads or writes.</summary>
    IJsonTypeInfoResolver Json { get; }

    void AddServices(IServiceCollection services, IConfiguration configuration);

    /// <summary>Tables the module owns.</summary>
    void ConfigureModel(ModelBuilder model);

    /// <param name="api">Routes below /api/v1.</param>
    void MapRoutes(IEndpointRouteBuilder api);
}

/// <summary>A permission and the built-in roles that hold it from the start. admin holds every permission without being listed.</summary>
public sealed record GrantedPermission(Permission Permission, params string[] Roles);

/// <summary>The four roles every installation has.</summary>
public static class BuiltInRole
{
    public const string Admin = "admin";
    public const string Manager = "manager";
    public const string Agent = "agent";
    public const string Viewer = "viewer";

    public static readonly IReadOnlyList<string> All = [Admin, Manager, Agent, Viewer];
}
