using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Field;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.Public;
using MeterSync.Store;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MeterSync.Tests.Modules.Workforce.Field;

/// <summary>Something a phone brings.</summary>
internal sealed record Sent(string Entity, object Payload)
{
    public Guid ClientId { get; init; } = Guid.CreateVersion7();

    public FieldOp Op { get; init; }

    public DateTimeOffset? CapturedAt { get; init; }

    public TimeSpan ClockError { get; init; }
}

/// <summary>What became of it.</summary>
internal sealed record Answered(Problem? Problem, FieldApplied? Applied, bool IsConflict, byte[]? Hash)
{
    public string Code => Problem?.Code.Code ?? "applied";

    public FieldApplied Fine => Applied ?? throw new InvalidOperationException($"{Problem?.Code.Code}: {Problem?.Message}");
}

/// <summary>Brings batches straight to the entities, in one transaction and in turns, as somebody.</summary>
internal static class FieldBatches
{
    /// <summary>Notes of readings are no entity by themselves.</summary>
    public const string Notes = "reading_notes";

    public static async Task<IReadOnlyList<Answered>> BringAsync(this ServerFixture server, string person, params IReadOnlyList<Sent> sent)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var me = new UserId(Guid.Parse(person));
        var access = await services.GetRequiredService<IAccessDirectory>().FindAsync(me, CancellationToken.None);
        services.GetRequiredService<CallerAccessor>().Caller = new Caller(me, access!.Name, access.Role, access.Scope, access.Permissions);
        var entities = services.GetServices<IFieldEntity>().ToDictionary(entity => entity.Name);
        var notes = services.GetRequiredService<ReadingNotes>();
        var now = TimeProvider.System.GetUtcNow();
        var read = sent.Select(one =>
        {
            var message = new FieldMessage(one.ClientId, one.Op, JsonSerializer.SerializeToElement(one.Payload), one.CapturedAt ?? now, one.ClockError, now, "phone");
            return one.Entity == Notes ? notes.Read(message) : entities[one.Entity].Read(message);
        }).ToList();
        var items = read.Select((outcome, index) => (Item: outcome.Value, sent[index].Entity)).Where(one => one.Item is not null).ToList();
        var done = await services.GetRequiredService<WriteTransactions>().RunAsync<Done>(
            async token =>
            {
                var batch = await HoldAsync(services, [.. items.Select(one => one.Item!)], token);
                foreach (var turn in items.GroupBy(one => (Turn: one.Item!.Turn ?? entities[one.Entity].Turn, one.Entity)).OrderBy(group => group.Key.Turn))
                {
                    List<FieldItem> together = [.. turn.Select(one => one.Item!)];
                    await (turn.Key.Entity == Notes ? notes.ApplyAsync([.. together.Cast<NoteEdit>()], token) : entities[turn.Key.Entity].ApplyAsync(batch, together, token));
                }

                Assert.False(services.GetRequiredService<MeterSyncDb>().HasChanges);
                return Done.It;
            },
            CancellationToken.None);
        Assert.True(done.Succeeded);
        return [.. read.Select(outcome => outcome.Succeeded
            ? new Answered(outcome.Value.Result!.Value.Problem, outcome.Value.Result!.Value.Value, outcome.Value.IsConflict, outcome.Value.ContentHash)
            : new Answered(outcome.Problem, null, IsConflict: false, null))];
    }

    private static async Task<FieldBatch> HoldAsync(IServiceProvider services, IReadOnlyList<FieldItem> items, CancellationToken cancellationToken)
    {
        var (meters, locks) = (services.GetRequiredService<IMeterRegistry>(), services.GetRequiredService<IFieldLocks>());
        var bySerial = await meters.FindBySerialAsync([.. items.Select(item => item.Meter?.SerialNumber).OfType<string>().Distinct()], cancellationToken);
        List<AssignmentId> assignments = [.. items.Select(item => item.Assignment).OfType<AssignmentId>().Distinct()];
        var ofWork = await locks.MetersOfAsync(assignments, cancellationToken);
        var ofReadings = await services.GetRequiredService<ReadingNotes>().MetersOfAsync([.. items.Select(item => item.Reading).OfType<NamedReading>().Distinct()], cancellationToken);
        List<MeterId> wanted = [.. items.Select(item => item.Meter?.Id).OfType<MeterId>().Concat(bySerial.Values.Select(meter => meter.Id)).Concat(ofWork.Values).Concat(ofReadings).Distinct()];
        var held = wanted.Count == 0 ? [] : await meters.LockAllAsync(wanted, cancellationToken);
        await locks.HoldAsync(wanted, assignments, cancellationToken);
        return new FieldBatch(held.ToDictionary(meter => meter.Id));
    }

    public static async Task<T> AskAsync<T>(this ServerFixture server, Func<MeterSyncDb, Task<T>> ask)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return await ask(scope.ServiceProvider.GetRequiredService<MeterSyncDb>());
    }

    public static Task<List<string>> AuditedAsync(this ServerFixture server, string action, Guid about) => server.AskAsync(db =>
        db.Set<MeterSync.Store.Audit.AuditEntry>().Where(entry => entry.Action == action && entry.EntityId == about).OrderBy(entry => entry.At).ThenBy(entry => entry.Id).Select(entry => entry.NewData!).ToListAsync());
}
