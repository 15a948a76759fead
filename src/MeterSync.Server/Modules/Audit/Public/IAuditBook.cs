using System.Text.Json;

namespace MeterSync.Modules.Audit.Public;

/// <summary>One change as the API shows it.</summary>
/// <param name="Seq">Place in the chain; null for about a second after the change.</param>
/// <param name="UserId">Null for the operator at the machine and the server itself.</param>
/// <param name="Actor">The name the person has now, or what else acted; <c>(erased)</c> for an erased person.</param>
/// <param name="Action">created, updated, deleted, or a verb such as meters.imported.</param>
/// <param name="OldData">Column to value before the change; null for a creation.</param>
/// <param name="NewData">Column to value after it; null for a deletion.</param>
/// <param name="IpAddress"><c>(erased)</c> for an erased person.</param>
public sealed record AuditEntryView(
    Guid Id,
    long? Seq,
    DateTimeOffset At,
    Guid? UserId,
    string? Actor,
    string Action,
    string EntityType,
    Guid EntityId,
    JsonElement? OldData,
    JsonElement? NewData,
    string? IpAddress,
    string? UserAgent);

/// <summary>The audit log for other modules, as far as the caller may see it.</summary>
public interface IAuditBook
{
    /// <summary>Oldest first; memory does not grow with their number.</summary>
    /// <param name="from">Inclusive; null for the beginning.</param>
    /// <param name="to">Exclusive; null for the end.</param>
    /// <param name="cancellationToken">Stops.</param>
    IAsyncEnumerable<AuditEntryView> EntriesAsync(DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken);

    /// <summary>How many these are, counted no further than 100,001.</summary>
    Task<int> CountAsync(DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken);
}
