using System.CommandLine;
using System.CommandLine.Invocation;

namespace MeterSync.Host.Verbs;

/// <summary>The verbs, as the shell sees them. Nothing of the server is loaded before a verb asks for it.</summary>
internal static class CommandLine
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(string[] arguments)
    {
        // The program's own verb knows the version without the commit behind it.
        var parsed = Root().Parse(arguments is ["--version"] ? ["version"] : arguments);
        if (parsed.Action is ParseErrorAction)
        {
            return Refuse(parsed, arguments.Length == 0);
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopPatience });
    }

    private static RootCommand Root()
    {
        var root = new RootCommand("MeterSync: meter readings in, billable numbers out.")
        {
            CommonOptions.Data,
            CommonOptions.Json,
            CommonOptions.Set,
            ServeVerb.Command(),
            MigrateVerb.Command(),
            UserVerbs.Command(),
            ImportVerb.Command(),
            ExportVerb.Command(),
            AuditVerb.Command(),
            BackupVerb.Command(),
            RestoreVerb.Command(),
            Doctor.DoctorVerb.Command(),
            VersionVerb.Command(),
            VisionWorkerVerb.Command(),
        };
        return root;
    }

    private static int Refuse(ParseResult parsed, bool nothingAsked)
    {
        var path = string.Join(' ', Names(parsed.CommandResult.Command));
        if (nothingAsked || parsed.CommandResult.Command.Subcommands.Count > 0 && parsed.CommandResult.Tokens.Count == 0 && parsed.UnmatchedTokens.Count == 0)
        {
            parsed.CommandResult.Command.Parse(["--help"]).Invoke(new InvocationConfiguration { Output = Console.Error });
            return ExitCode.Usage;
        }

        var output = VerbOutput.For(parsed);
        var message = string.Join(" ", parsed.Errors.Select(error => error.Message).Distinct());
        output.Fail(new VerbException(ExitCode.Usage, VerbProblem.Usage, $"{message} See: {path} --help"));
        return ExitCode.Usage;
    }

    private static IEnumerable<string> Names(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? [.. Names(parent), command.Name] : ["metersync"];
}
