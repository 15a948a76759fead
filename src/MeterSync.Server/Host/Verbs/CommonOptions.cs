using System.CommandLine;
using MeterSync.Store;

namespace MeterSync.Host.Verbs;

/// <summary>Options that every verb knows.</summary>
internal static class CommonOptions
{
    public const string DataVariable = "METERSYNC_DATA";

    public static readonly Option<string?> Data = new("--data", "-d")
    {
        Description = $"Data directory. Default: ${DataVariable}, else ./data",
        HelpName = "DIR",
        Recursive = true,
    };

    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Print one JSON object instead of words",
        Recursive = true,
    };

    public static readonly Option<string[]> Set = new("--set")
    {
        Description = "A setting of docs/config.md, over file and environment, for example Database:WaitSeconds=30",
        HelpName = "KEY=VALUE",
        Recursive = true,
        Arity = ArgumentArity.OneOrMore,
        Validators =
        {
            static result =>
            {
                foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1))
                {
                    result.AddError($"--set takes KEY=VALUE, not '{token.Value}'.");
                }
            },
        },
    };

    /// <param name="parsed">The command line.</param>
    /// <param name="fallback">Folder below the current one, used when neither option nor variable names one.</param>
    public static DataDirectory DataOf(ParseResult parsed, string fallback = "data")
    {
        var named = parsed.GetValue(Data) ?? Environment.GetEnvironmentVariable(DataVariable);
        return new DataDirectory(Path.GetFullPath(string.IsNullOrWhiteSpace(named) ? fallback : named));
    }

    /// <summary>The settings of --set as the configuration takes them.</summary>
    public static List<string> SettingsOf(ParseResult parsed) => [.. (parsed.GetValue(Set) ?? []).Select(setting => "--" + setting)];
}
