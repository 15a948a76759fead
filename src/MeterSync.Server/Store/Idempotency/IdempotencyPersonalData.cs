using System.Text;
using System.Text.Json;
using MeterSync.Kernel;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Store.Idempotency;

/// <summary>Answers kept for a day may be to a person or tell of one. Their bodies go; the keys stay, so that nothing is carried out twice.</summary>
internal sealed class IdempotencyPersonalData(MeterSyncDb db) : IPersonalData
{
    /// <summary>Every body of the last day is looked through.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public string Section => "kept_answers";

    public async Task WriteAsync(Utf8JsonWriter json, UserId person, CancellationToken cancellationToken)
    {
        var caller = person.Value.ToString();
        json.WriteStartArray();
        await foreach (var key in db.Set<IdempotencyKey>().AsNoTracking().Where(key => key.CallerName == caller).OrderBy(key => key.CreatedAt).Select(key => new { key.Key, key.CreatedAt }).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            json.WriteStartObject();
            json.WriteString("idempotency_key", key.Key);
            json.WriteString("created_at", key.CreatedAt);
            json.WriteEndObject();
            await json.FlushAsync(cancellationToken);
        }

        json.WriteEndArray();
    }

    public Task EraseAsync(UserId person, CancellationToken cancellationToken)
    {
        var caller = person.Value.ToString();
        var mention = Encoding.UTF8.GetBytes(caller);
        db.Database.SetCommandTimeout(Patience);
        return db.IsSqlite
            ? db.Database.ExecuteSqlAsync($"update idempotency_keys set body = null where body is not null and (caller_name = {caller} or instr(body, {mention}) > 0)", cancellationToken)
            : db.Database.ExecuteSqlAsync($"update idempotency_keys set body = null where body is not null and (caller_name = {caller} or position({mention} in body) > 0)", cancellationToken);
    }
}
