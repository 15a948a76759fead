using System.CommandLine;
using System.Text.Json.Nodes;
using MeterSync.Modules.Audit;

namespace MeterSync.Host.Verbs;

/// <summary>metersync audit verify.</summary>
internal static class AuditVerb
{
    public static Command Command() => new("audit", "The record of who changed what (docs/audit.md)") { Verify() };

    private static Command Verify()
    {
        var expect = new Option<string?>("--expect") { Description = "An entry noted before: fails where the log ends before it or has another there", HelpName = "SEQ:HASH" };
        var command = new Command("verify", "Recompute the chain of the audit log; ends with 1 where it is broken") { expect };
        command.Run(async (parsed, output, cancellationToken) =>
        {
            await using var server = await LocalServer.OpenAsync(new(AuditModule.Title, CommonOptions.DataOf(parsed), CommonOptions.SettingsOf(parsed), NeedsWorker: true, MayCreateData: false), output, cancellationToken);
            var request = new JsonObject { ["expect"] = parsed.GetValue(expect) };
            var job = await new JobWatch(server.Api, output, QuietFor).RunAsync("Verifying the audit log", _ => server.Api.PostAsync("/api/v1/audit-logs/verify", request, cancellationToken), id => $"/api/v1/audit-logs/verify/{id}", cancellationToken);
            var message = (string?)job["message"] ?? "";
            if ((string?)job["status"] != "completed")
            {
                output.Fail(new VerbException(ExitCode.Refused, (string?)job["result"]?["error"]?["code"] ?? VerbProblem.JobFailed, message), job);
                return ExitCode.Refused;
            }

            var result = job["result"]!;
            if ((bool?)result["unbroken"] != true)
            {
                output.Fail(new VerbException(ExitCode.Refused, VerbProblem.AuditBroken, $"The audit log is broken. {message}"), result);
                return ExitCode.Refused;
            }

            output.Result(result.DeepClone(), message);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Most logs are verified before anybody wonders.</summary>
    private static readonly TimeSpan QuietFor = TimeSpan.FromSeconds(2);
}
