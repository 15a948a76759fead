using Spectre.Console;

namespace MeterSync.Host.Verbs;

/// <summary>How far a verb's own work is: a bar where a person watches, else a line for each step.</summary>
internal static class VerbProgress
{
    /// <param name="output">Where to tell.</param>
    /// <param name="title">What is being done, until the first step is named.</param>
    /// <param name="work">Given the step's name and how far it is, from 0 to 1, as often as it likes.</param>
    public static async Task<T> ShowAsync<T>(VerbOutput output, string title, Func<Action<string, double>, Task<T>> work)
    {
        if (!output.Watched)
        {
            return await work(SayNew(output));
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask(Markup.Escape(title), maxValue: 1);
                return await work((step, done) => (bar.Description, bar.Value) = (Markup.Escape(step), done));
            });
    }

    private static Action<string, double> SayNew(VerbOutput output)
    {
        var last = "";
        return (step, _) =>
        {
            if (step != last && !output.Json)
            {
                last = step;
                output.Say(step);
            }
        };
    }
}
