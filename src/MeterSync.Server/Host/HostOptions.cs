using System.ComponentModel.DataAnnotations;

namespace MeterSync.Host;

/// <summary>What one process does. Read from the configuration's root.</summary>
internal sealed class HostOptions
{
    /// <summary>Comma-separated: all, api, worker (ingest joins when devices do).</summary>
    [Required]
    public string Roles { get; set; } = "all";

    public bool Serves(string role) => Names.Contains("all") || Names.Contains(role);

    public IReadOnlyList<string> Names => Roles.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The roles a process can take.</summary>
internal static class Role
{
    public const string Api = "api";
    public const string Worker = "worker";

    public static readonly IReadOnlyList<string> Known = ["all", Api, Worker];
}
