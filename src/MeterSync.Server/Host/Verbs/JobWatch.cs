using System.Text.Json.Nodes;
using Spectre.Console;

namespace MeterSync.Host.Verbs;

/// <summary>Follows a job to its end: a bar where a person watches, else a line whenever there is something new to say.</summary>
/// <param name="api">Where the job is.</param>
/// <param name="output">Where to tell.</param>
/// <param name="quietFor">Nothing is said of a job that is over sooner.</param>
internal sealed class JobWatch(LocalApi api, VerbOutput output, TimeSpan quietFor = default)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <param name="title">What is being done.</param>
    /// <param name="begin">Starts the job and returns it; told how far that is, from 0 to 1.</param>
    /// <param name="statusPath">Route that tells the job by id.</param>
    /// <param name="cancellationToken">Stops watching; the job goes on.</param>
    /// <returns>The job when it is over, however it ended.</returns>
    public async Task<JsonNode> RunAsync(string title, Func<Action<double>, Task<JsonNode>> begin, Func<string, string> statusPath, CancellationToken cancellationToken)
    {
        if (quietFor > TimeSpan.Zero)
        {
            var begun = await begin(_ => { });
            var early = await FollowAsync(begun, statusPath, (_, _) => { }, quietFor, cancellationToken);
            return IsOver(early) ? early : await new JobWatch(api, output).RunAsync(title, _ => Task.FromResult(early), statusPath, cancellationToken);
        }

        if (!output.Watched)
        {
            return await FollowAsync(await begin(_ => { }), statusPath, SayNew(title), cancellationToken);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async progress =>
            {
                var sending = progress.AddTask(Markup.Escape(title), maxValue: 1);
                var job = await begin(sent => sending.Value = sent);
                sending.Value = 1;
                sending.StopTask();
                var working = progress.AddTask("Waiting", maxValue: 100);
                return await FollowAsync(job, statusPath, (percent, line) =>
                {
                    working.Value = percent;
                    working.Description = line.Length == 0 ? "Waiting" : Markup.Escape(line);
                }, cancellationToken);
            });
    }

    private Task<JsonNode> FollowAsync(JsonNode job, Func<string, string> statusPath, Action<double, string> tell, CancellationToken cancellationToken) =>
        FollowAsync(job, statusPath, tell, Timeout.InfiniteTimeSpan, cancellationToken);

    private async Task<JsonNode> FollowAsync(JsonNode job, Func<string, string> statusPath, Action<double, string> tell, TimeSpan patience, CancellationToken cancellationToken)
    {
        var since = System.Diagnostics.Stopwatch.StartNew();
        var path = statusPath((string?)job["id"] ?? throw new VerbException(ExitCode.Refused, VerbProblem.Unexpected, "The server did not say which job it started."));
        var pause = FirstPause;
        while (!IsOver(job) && (patience == Timeout.InfiniteTimeSpan || since.Elapsed < patience))
        {
            tell((double?)job["progress"] ?? 0, (string?)job["message"] ?? "");
            await Task.Delay(pause, cancellationToken);
            pause = pause * 1.5 < LongestPause ? pause * 1.5 : LongestPause;
            job = await api.GetAsync(path, cancellationToken);
        }

        return job;
    }

    private static bool IsOver(JsonNode job) => (string?)job["status"] is "completed" or "failed" or "cancelled";

    private Action<double, string> SayNew(string title)
    {
        if (output.Json)
        {
            return (_, _) => { };
        }

        var last = "";
        output.Say(title);
        return (percent, line) =>
        {
            if (line != last && line.Length > 0)
            {
                last = line;
                output.Say($"{percent:0}% {line}");
            }
        };
    }
}
