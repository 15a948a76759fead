using System.Text.Json.Nodes;
using MeterSync.Store;
using MeterSync.Store.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MeterSync.Tests.Support;

/// <summary>What the outbox got since.</summary>
internal sealed class ToldEvents
{
    private readonly ServerFixture server;
    private HashSet<Guid> known = [];

    private ToldEvents(ServerFixture server) => this.server = server;

    public static async Task<ToldEvents> SinceNowAsync(ServerFixture server)
    {
        var told = new ToldEvents(server);
        await told.TakeAsync();
        return told;
    }

    /// <summary>Each event once, oldest first.</summary>
    public async Task<List<OutboxEvent>> TakeAsync()
    {
        await using var scope = server.Services.CreateAsyncScope();
        var all = await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<OutboxEvent>().AsNoTracking().OrderBy(one => one.At).ThenBy(one => one.Id).ToListAsync();
        var fresh = all.Where(one => !known.Contains(one.Id)).ToList();
        known = [.. all.Select(one => one.Id)];
        return fresh;
    }

    /// <summary>The only one since.</summary>
    public async Task<(OutboxEvent Event, JsonNode Body)> OneAsync(string kind)
    {
        var fresh = await TakeAsync();
        Xunit.Assert.Equal([kind], fresh.Select(one => one.Kind));
        return (fresh[0], JsonNode.Parse(fresh[0].Body)!);
    }
}
