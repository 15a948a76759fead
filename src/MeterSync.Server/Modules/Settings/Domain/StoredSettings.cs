using MeterSync.Kernel;

namespace MeterSync.Modules.Settings.Domain;

/// <summary>What an administrator has set; one row. Null leaves a value to the configuration.</summary>
internal sealed class StoredSettings : IAudited, IVersioned
{
    /// <summary>The row's key and the only one there is.</summary>
    public const int OnlyId = 1;

    private static readonly Guid OnlyAuditId = new("00000000-0000-0000-0000-000000000001");

    public int Id { get; set; } = OnlyId;

    public string? OrganisationName { get; set; }

    public string? OrganisationAddress { get; set; }

    public string? ContactEmail { get; set; }

    public string? TimeZone { get; set; }

    public string? Currency { get; set; }

    public string? Language { get; set; }

    public int? AnonymousPerMinute { get; set; }

    public int? ApiKeyPerMinute { get; set; }

    public int? UserPerMinute { get; set; }

    public int? OcrPerMinute { get; set; }

    public int? ExportsPerFiveMinutes { get; set; }

    public int? RefreshPerMinute { get; set; }

    public int? SignInFailuresPerAccount { get; set; }

    public int? SignInFailuresPerAddress { get; set; }

    public int? SignInWindowMinutes { get; set; }

    /// <summary>Separated by a comma and a space; empty for none.</summary>
    public string? BlockedAddresses { get; set; }

    public DateTimeOffset? UpdatedAt { get; set; }

    public int Version { get; set; } = 1;

    public string AuditName => "settings";

    public Guid AuditId => OnlyAuditId;

    public IReadOnlyList<string>? BlockedAddressList => BlockedAddresses?.Split(", ", StringSplitOptions.RemoveEmptyEntries);
}
