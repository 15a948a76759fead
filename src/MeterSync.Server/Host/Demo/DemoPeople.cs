using System.Diagnostics;
using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Host.Demo;

/// <summary>Lets the demo's people ask the product's own handlers, each with no more rights than at the counter.</summary>
internal sealed class DemoPeople(IServiceScopeFactory scopes, IAccessDirectory access)
{
    /// <summary>The demo's accounts by user name.</summary>
    public async Task<IReadOnlyDictionary<string, UserId>> FindAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<User>().AsNoTracking()
            .Where(user => user.IsDemo && user.Username != null).ToDictionaryAsync(user => user.Username!, user => user.Id, cancellationToken);
    }

    /// <summary>One request of one person.</summary>
    public async Task<T> AskAsync<THandler, T>(UserId person, Func<THandler, Task<Outcome<T>>> ask, CancellationToken cancellationToken)
        where THandler : notnull
    {
        await using var scope = await ScopeOfAsync(person, cancellationToken);
        return Granted(await ask(scope.ServiceProvider.GetRequiredService<THandler>()));
    }

    /// <summary>A background job of one person, done before this returns.</summary>
    public async Task<JobResult> RunAsync<TJob>(UserId person, JobRun run, CancellationToken cancellationToken)
        where TJob : IJobHandler
    {
        await using var scope = await ScopeOfAsync(person, cancellationToken);
        return Granted(await scope.ServiceProvider.GetServices<IJobHandler>().OfType<TJob>().Single().RunAsync(run, cancellationToken));
    }

    /// <summary>What one look into the database finds.</summary>
    public async Task<T> LookAsync<T>(Func<MeterSyncDb, Task<T>> look)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await look(scope.ServiceProvider.GetRequiredService<MeterSyncDb>());
    }

    private async Task<AsyncServiceScope> ScopeOfAsync(UserId person, CancellationToken cancellationToken)
    {
        var may = await access.FindAsync(person, cancellationToken) ?? throw new UnreachableException($"The demo's user {person.Value} may not come in.");
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallerAccessor>().Caller = new Caller(person, may.Name, may.Role, may.Scope, may.Permissions);
        return scope;
    }

    private static T Granted<T>(Outcome<T> outcome) =>
        outcome.Succeeded ? outcome.Value : throw new UnreachableException($"The demo's own request was refused: {outcome.Problem.Code} {outcome.Problem.Message}");
}
