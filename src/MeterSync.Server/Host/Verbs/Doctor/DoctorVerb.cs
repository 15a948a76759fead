using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace MeterSync.Host.Verbs.Doctor;

/// <summary>metersync doctor: is the installation in order? Needs no running server and changes nothing.</summary>
internal static class DoctorVerb
{
    public static Command Command()
    {
        var urls = new Option<string>("--urls") { Description = "Addresses the server is to listen on", HelpName = "URLS", DefaultValueFactory = _ => ServeVerb.DefaultUrls };
        var command = new Command("doctor", "Say whether the installation is in order") { urls };
        command.Run(async (parsed, output, cancellationToken) =>
        {
            var findings = new List<Finding>();
            await foreach (var finding in ExamineAsync(CommonOptions.DataOf(parsed), parsed.GetValue(urls) ?? ServeVerb.DefaultUrls, CommonOptions.SettingsOf(parsed), cancellationToken))
            {
                findings.Add(finding);
                Tell(output, finding);
            }

            var worst = findings.Max(finding => finding.Level);
            if (output.Json)
            {
                output.Result(new JsonObject
                {
                    ["status"] = worst.ToString().ToLowerInvariant(),
                    ["checks"] = new JsonArray([.. findings.Select(finding => new JsonObject { ["check"] = finding.Check, ["status"] = finding.Level.ToString().ToLowerInvariant(), ["message"] = finding.Message })]),
                });
            }

            return worst == FindingLevel.Fail ? ExitCode.Refused : ExitCode.Done;
        });
        return command;
    }

    private static async IAsyncEnumerable<Finding> ExamineAsync(Store.DataDirectory data, string urls, List<string> settings, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var configuration = ConfigurationCheck.Read(data, settings, out var unreadable);
        if (unreadable is not null)
        {
            yield return unreadable;
        }

        var patient = new Patient(data, urls, settings, configuration, TimeProvider.System);
        if (unreadable is null)
        {
            foreach (var finding in ConfigurationCheck.Run(patient))
            {
                yield return finding;
            }
        }

        foreach (var finding in DataDirectoryCheck.Run(patient))
        {
            yield return finding;
        }

        var database = patient.Store.Kind == Store.StoreProvider.Postgres ? PostgresCheck.RunAsync(patient, cancellationToken) : SqliteCheck.RunAsync(patient, cancellationToken);
        await foreach (var finding in database)
        {
            yield return finding;
        }

        await foreach (var finding in ListeningCheck.RunAsync(patient, cancellationToken))
        {
            yield return finding;
        }

        foreach (var finding in MachineCheck.Run(patient))
        {
            yield return finding;
        }
    }

    private static void Tell(VerbOutput output, Finding finding)
    {
        if (output.Watched)
        {
            var color = finding.Level switch { FindingLevel.Ok => "green", FindingLevel.Warn => "yellow", _ => "red" };
            AnsiConsole.MarkupLineInterpolated(System.Globalization.CultureInfo.InvariantCulture, $"[{color}]{finding.Level.ToString().ToLowerInvariant(),-4}[/]  {finding.Check,-14}  {finding.Message}");
        }
        else if (!output.Json)
        {
            output.Line($"{finding.Level.ToString().ToLowerInvariant(),-4}  {finding.Check,-14}  {finding.Message}");
        }
    }
}
