using System.Data.Common;
using MeterSync.Kernel;

namespace MeterSync.Store.Audit;

/// <summary>An entry as it is stored, whatever the database.</summary>
/// <param name="At">Microseconds since 1970 UTC.</param>
internal sealed record AuditRow(
    Guid Id, long At, Guid? ActorId, string Actor, string Action, string EntityType, Guid EntityId, string? OldData, string? NewData, string? IpAddress, string? UserAgent, long? Seq, byte[]? Hash)
{
    public const string Columns = "id, at, actor_id, actor, action, entity_type, entity_id, old_data, new_data, ip_address, user_agent, seq, hash";

    public static AuditRow Read(DbDataReader row) => new(
        IdAt(row, 0),
        row.GetValue(1) switch { long micros => micros, DateTime instant => new DateTimeOffset(instant, TimeSpan.Zero).ToUnixMicroseconds(), var other => throw new FormatException($"An instant came as {other.GetType().Name}.") },
        row.IsDBNull(2) ? null : IdAt(row, 2),
        row.GetString(3),
        row.GetString(4),
        row.GetString(5),
        IdAt(row, 6),
        Text(row, 7),
        Text(row, 8),
        Text(row, 9),
        Text(row, 10),
        row.IsDBNull(11) ? null : row.GetInt64(11),
        row.IsDBNull(12) ? null : (byte[])row.GetValue(12));

    /// <summary>What SQLite holds need not be an id, once somebody wrote past the program: that is no reason to stop reading.</summary>
    public static Guid IdAt(DbDataReader row, int column) => row.GetValue(column) switch
    {
        Guid id => id,
        byte[] { Length: 16 } bytes => new Guid(bytes, bigEndian: true),
        _ => Guid.AllBitsSet,
    };

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
