using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MeterSync.Tests.Support;

/// <summary>Counts the round trips of one server to its database; all statements of one save are one. The job worker's looks at its queue do not count.</summary>
public sealed class QueryCount : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    // How the batches begin that pass EF by; EF itself writes its keywords in capitals.
    private static readonly string[] PastEf = ["with page as", "select 1 from meters where id = $1 for update", "insert into "];

    /// <summary>Pooled contexts look once a second whether anybody listens.</summary>
    private static readonly TimeSpan UntilHeard = TimeSpan.FromMilliseconds(1100);

    private readonly Lock guard = new();
    private readonly List<IDisposable> subscriptions = [];
    private readonly List<string> statements = [];
    private readonly string database;
    private bool saving;

    private QueryCount(string database)
    {
        this.database = database;
        subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
        var batches = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = CountBatch,
        };
        ActivitySource.AddActivityListener(batches);
        subscriptions.Add(batches);
    }

    /// <param name="database">Part of the database's path or name: tests of other servers run at the same time.</param>
    public static async Task<QueryCount> StartAsync(string database)
    {
        var count = new QueryCount(database);
        await Task.Delay(UntilHeard);
        return count;
    }

    /// <summary>The statements so far, a save by its first.</summary>
    public IReadOnlyList<string> Statements
    {
        get
        {
            lock (guard)
            {
                return [.. statements];
            }
        }
    }

    public void Dispose()
    {
        foreach (var subscription in subscriptions.ToList())
        {
            subscription.Dispose();
        }
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == DbLoggerCategoryName)
        {
            subscriptions.Add(value.Subscribe(this));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key != RelationalEventId.CommandExecuting.Name || value.Value is not CommandEventData data
            || !(data.Command.Connection?.ConnectionString ?? "").Contains(database, StringComparison.Ordinal))
        {
            return;
        }

        lock (guard)
        {
            var isSave = data.CommandSource is CommandSource.SaveChanges;
            var isQueue = data.Command.CommandText.Contains("\"jobs\"", StringComparison.Ordinal) || data.Command.CommandText.Contains(" jobs ", StringComparison.Ordinal);
            if (!isQueue && !(isSave && saving))
            {
                statements.Add(data.Command.CommandText);
            }

            saving = isSave;
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    /// <summary>Pages of readings, locked meters and rows written directly pass EF by on PostgreSQL; the driver tells of them.</summary>
    private void CountBatch(Activity activity)
    {
        var tags = activity.Tags.ToList();
        var first = tags.Find(tag => Array.Exists(PastEf, start => tag.Value?.StartsWith(start, StringComparison.Ordinal) == true)).Value;
        if (first is not null && tags.Exists(tag => tag.Value == database))
        {
            lock (guard)
            {
                statements.Add(first);
                saving = false;
            }
        }
    }

    private const string DbLoggerCategoryName = "Microsoft.EntityFrameworkCore";
}
