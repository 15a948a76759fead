using System.CommandLine;
using System.Text.Json.Nodes;

namespace MeterSync.Host.Verbs;

/// <summary>metersync import meters|readings FILE.</summary>
internal static class ImportVerb
{
    private const int ProblemsShown = 20;

    public static Command Command() => new("import", "Bring in a file (docs/import-files.md)")
    {
        Import("meters", "Meters, with their places and registers"),
        Import("readings", "Readings taken before or elsewhere"),
    };

    private static Command Import(string kind, string description)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "A table with headings, such as a .csv file" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would happen, and change nothing" };
        var partial = new Option<bool>("--partial") { Description = "Take the good rows although others have problems" };
        var command = new Command(kind, description) { file, dryRun, partial };
        command.Run(async (parsed, output, cancellationToken) =>
        {
            var source = parsed.GetRequiredValue(file);
            if (!source.Exists)
            {
                throw new VerbException(ExitCode.Usage, VerbProblem.File, $"There is no file {source.FullName}.");
            }

            await using var server = await LocalServer.OpenAsync(new(CommonOptions.DataOf(parsed), CommonOptions.SettingsOf(parsed), NeedsWorker: true, MayCreateData: true), output, cancellationToken);
            JsonNode job;
            try
            {
                job = await new JobWatch(server.Api, output).RunAsync(
                    $"Sending {source.Name}",
                    sent => SendAsync(server.Api, $"/api/v1/{kind}/import", source, parsed.GetValue(dryRun), parsed.GetValue(partial), sent, cancellationToken),
                    id => $"/api/v1/{kind}/import/{id}",
                    cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw new VerbException(ExitCode.Interrupted, VerbProblem.Interrupted, server.IsShared
                    ? "No longer watching. If the file had been sent, the server goes on with the import."
                    : "Interrupted. If the file had been sent, the import starts anew when MeterSync next runs on this data directory.");
            }

            return new ImportReport(job).Tell(output, ProblemsShown);
        });
        return command;
    }

    private static async Task<JsonNode> SendAsync(LocalApi api, string path, FileInfo source, bool dryRun, bool partial, Action<double> sent, CancellationToken cancellationToken)
    {
        await using var content = new MeasuredStream(source.OpenRead(), sent);
        using var form = new MultipartFormDataContent
        {
            { new StringContent(dryRun ? "true" : "false"), "dry_run" },
            { new StringContent(partial ? "true" : "false"), "partial" },
            { new StreamContent(content), "file", source.Name },
        };
        return await api.PostFileAsync(path, form, cancellationToken);
    }
}
