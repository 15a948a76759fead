using System.Diagnostics;
using System.Globalization;
using MeterSync.Bench.Machine;
using MeterSync.Host;
using MeterSync.Host.Auth;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Rights;
using MeterSync.Modules.Accounts.SignIn;
using MeterSync.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MeterSync.Bench.Scenarios;

/// <summary>What it costs to find out who calls and whether he may, with a thousand people signed in: the server's own gate, in this process, with nothing behind it.</summary>
internal static class PermissionChecks
{
    private const int Rounds = 200;

    public static int Run(Options options)
    {
        var results = new ResultsFile("permissions", options);
        using var folder = new Folder();
        MeasureAsync(options, results, folder.Path).GetAwaiter().GetResult();
        results.Finish();
        return 0;
    }

    private static async Task MeasureAsync(Options options, ResultsFile results, string folder)
    {
        var data = new DataDirectory(folder);
        data.Create();
        await using var app = MeterSyncServer.Create(new ServerStart(data, null, Demo: false, null, []) { Quiet = true });
        await ServerStartUp.PrepareAsync(app, _ => { }, CancellationToken.None);
        var tokens = await SignInAsync(app.Services, options.Number("users", 1000));
        var gate = ActivatorUtilities.CreateInstance<PermissionGate>(app.Services, (RequestDelegate)(_ => Task.CompletedTask));
        var contexts = tokens.ConvertAll(token => ContextOf(token, app.Services));
        using var queries = new QueryWatch();
        await RoundAsync(gate, contexts, app.Services);
        var first = queries.Count;
        var checks = new List<double>();
        for (var run = 1; run <= options.Number("runs", 3); run++)
        {
            var allocated = GC.GetTotalAllocatedBytes(precise: true);
            var started = Stopwatch.GetTimestamp();
            for (var round = 0; round < Rounds; round++)
                await RoundAsync(gate, contexts, app.Services);
            var count = Rounds * contexts.Count;
            checks.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds / count);
            results.Add(new() { ["what"] = string.Create(CultureInfo.InvariantCulture, $"run {run}, {contexts.Count} people"), ["checks"] = count, ["us_a_check"] = checks[^1], ["bytes_a_check"] = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)count, ["queries"] = queries.Count });
        }
        var median = ResultsFile.Median(checks);
        results.Add(new() { ["what"] = "permission check, median", ["us_a_check"] = median, ["queries"] = queries.Count, ["goal"] = "<= 20 us, no query", ["met"] = median <= 20 && queries.Count == 0 && first == 0 ? "yes" : "NO" });
    }

    private static async Task RoundAsync(PermissionGate gate, List<DefaultHttpContext> contexts, IServiceProvider services)
    {
        foreach (var context in contexts)
        {
            var callers = new CallerAccessor();
            await gate.InvokeAsync(context, callers);
            if (callers.Known is null || context.Response.StatusCode != StatusCodes.Status200OK)
                throw new BenchFailedException("The gate let a good token stand outside.");
        }
    }

    private static async Task<List<string>> SignInAsync(IServiceProvider services, int count)
    {
        await using var scope = services.CreateAsyncScope();
        var (db, clock, ids) = (scope.ServiceProvider.GetRequiredService<MeterSyncDb>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<IdSource>());
        var now = clock.GetUtcNow().ToStored();
        var signedIn = new List<(User, Session)>();
        for (var index = 0; index < count; index++)
        {
            var user = new User { Id = ids.Next<UserId>(), Email = $"user{index}@example.org", Name = $"User {index}", Roles = index % 3 == 0 ? "manager" : index % 3 == 1 ? "agent" : "viewer", Scope = UserScope.All, CreatedAt = now, UpdatedAt = now };
            var session = new Session { Id = ids.Next<SessionId>(), UserId = user.Id, CreatedAt = now, LastUsedAt = now, ExpiresAt = now.AddDays(1) };
            db.Add(user);
            db.Add(session);
            signedIn.Add((user, session));
        }
        await db.SaveChangesAsync(CancellationToken.None);
        await services.GetRequiredService<AccessDirectory>().LoadAsync(CancellationToken.None);
        var tokens = services.GetRequiredService<Tokens>();
        return signedIn.ConvertAll(pair => tokens.Issue(pair.Item1, pair.Item2).AccessToken);
    }

    private static DefaultHttpContext ContextOf(string token, IServiceProvider services)
    {
        var read = services.GetRequiredService<PermissionCatalog>().All.Single(permission => permission.Name == "readings:read");
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Headers.Authorization = "Bearer " + token;
        context.Request.Headers.UserAgent = "bench";
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new RoutePermission(read, Anonymous: false)), "bench"));
        return context;
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("metersync-bench-").FullName;

        public void Dispose()
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(Path, recursive: true);
        }
    }

    /// <summary>Counts what EF sends to the database.</summary>
    private sealed class QueryWatch : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly IDisposable _all;
        private int _count;

        public QueryWatch() => _all = DiagnosticListener.AllListeners.Subscribe(this);

        public int Count => Volatile.Read(ref _count);

        public void Dispose() => _all.Dispose();

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.EntityFrameworkCore")
                value.Subscribe(this);
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Key.EndsWith("CommandExecuting", StringComparison.Ordinal))
                Interlocked.Increment(ref _count);
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
