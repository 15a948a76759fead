using System.CommandLine;
using System.Text.Json.Nodes;
using MeterSync.Modules.Meters;
using MeterSync.Modules.Readings;
using MeterSync.Modules.Sync;

namespace MeterSync.Host.Verbs;

/// <summary>metersync import meters|readings|field-export FILE.</summary>
internal static class ImportVerb
{
    public static Command Command() => new("import", "Bring in a file (docs/import-files.md)")
    {
        Import("meters", MetersModule.Title, "Meters, with their places and registers"),
        Import("readings", ReadingsModule.Title, "Readings taken before or elsewhere"),
        FieldExport(),
    };

    private static Command FieldExport()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "What the field app wrote when it was asked to export (.ndjson)" };
        var command = new Command("field-export", "What a dead phone held; bringing it in again is safe (docs/sync.md)") { file };
        command.Run(async (parsed, output, cancellationToken) =>
        {
            var source = SourceOf(parsed, file);
            await using var server = await LocalServer.OpenAsync(new(SyncModule.Title, CommonOptions.DataOf(parsed), CommonOptions.SettingsOf(parsed), NeedsWorker: true, MayCreateData: false), output, cancellationToken);
            var job = await new JobWatch(server.Api, output).RunAsync(
                $"Sending {source.Name}", sent => SendAsync(server.Api, "/api/v1/sync/import", source, [], sent, cancellationToken), id => $"/api/v1/sync/import/{id}", cancellationToken);
            var told = new ImportReport(job).Tell(output);
            return (int?)job["result"]?["rejected"] > 0 || (int?)job["result"]?["conflict"] > 0 ? ExitCode.Refused : told;
        });
        return command;
    }

    private static FileInfo SourceOf(ParseResult parsed, Argument<FileInfo> file) =>
        parsed.GetRequiredValue(file) is { Exists: true } source ? source : throw new VerbException(ExitCode.Usage, VerbProblem.File, $"There is no file {parsed.GetRequiredValue(file).FullName}.");

    private static Command Import(string kind, string module, string description)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "A table with headings: a text file (.csv) or a workbook (.xlsx, .xls)" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would happen, and change nothing" };
        var partial = new Option<bool>("--partial") { Description = "Take the good rows although others have problems" };
        (string Field, Option<string?> Option)[] said =
        [
            ("encoding", new("--encoding") { Description = "For example windows-1251; found out where not given", HelpName = "NAME" }),
            ("delimiter", new("--delimiter") { Description = "comma, semicolon, tab or pipe; found out where not given", HelpName = "SIGN" }),
            ("decimal_sign", new("--decimal-sign") { Description = "point or comma; found out where not given", HelpName = "SIGN" }),
            ("date_order", new("--date-order") { Description = "day_first or month_first; found out where not given", HelpName = "ORDER" }),
            ("sheet", new("--sheet") { Description = "Name or number of a workbook's sheet; the first visible one with the headings where not given", HelpName = "SHEET" }),
            ("time_zone", new("--time-zone") { Description = "Of times without an offset, for example Europe/Kyiv", HelpName = "ZONE" }),
        ];
        var problems = new Option<string?>("--problems") { Description = "Write the rows with their problems beside them to this file, to be mended and sent again", HelpName = "FILE" };
        var command = new Command(kind, description) { file, dryRun, partial, problems };
        foreach (var (_, option) in said)
        {
            command.Add(option);
        }

        command.Run(async (parsed, output, cancellationToken) =>
        {
            var source = SourceOf(parsed, file);
            var fields = new List<(string Name, string Value)> { ("dry_run", Text(parsed.GetValue(dryRun))), ("partial", Text(parsed.GetValue(partial))) };
            foreach (var (field, option) in said)
            {
                if (parsed.GetValue(option) is { } value)
                {
                    fields.Add((field, value));
                }
            }

            await using var server = await LocalServer.OpenAsync(new(module, CommonOptions.DataOf(parsed), CommonOptions.SettingsOf(parsed), NeedsWorker: true, MayCreateData: true), output, cancellationToken);
            JsonNode job;
            try
            {
                job = await new JobWatch(server.Api, output).RunAsync(
                    $"Sending {source.Name}",
                    sent => SendAsync(server.Api, $"/api/v1/{kind}/import", source, fields, sent, cancellationToken),
                    id => $"/api/v1/{kind}/import/{id}",
                    cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw new VerbException(ExitCode.Interrupted, VerbProblem.Interrupted, server.IsShared
                    ? "No longer watching. If the file had been sent, the server goes on with the import."
                    : "Interrupted. If the file had been sent, the import starts anew when MeterSync next runs on this data directory.");
            }

            if (parsed.GetValue(problems) is { } target && (string?)job["download_url"] is { } url)
            {
                await SaveAsync(server.Api, url, Path.GetFullPath(target), cancellationToken);
                output.Say($"{Path.GetFullPath(target)} has the rows with their problems.");
            }

            return new ImportReport(job).Tell(output);
        });
        return command;
    }

    private static async Task SaveAsync(LocalApi api, string url, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await api.DownloadAsync(url, cancellationToken);
            await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
            await answer.Content.CopyToAsync(file, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException and not HttpIOException or UnauthorizedAccessException)
        {
            throw new VerbException(ExitCode.Refused, VerbProblem.File, $"{path} cannot be written: {exception.Message}");
        }
    }

    private static string Text(bool flag) => flag ? "true" : "false";

    /// <summary>The fields go first: the server reads the form as it comes.</summary>
    private static async Task<JsonNode> SendAsync(LocalApi api, string path, FileInfo source, List<(string Name, string Value)> fields, Action<double> sent, CancellationToken cancellationToken)
    {
        await using var content = new MeasuredStream(source.OpenRead(), sent);
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        form.Add(new StreamContent(content), "file", source.Name);
        return await api.PostFileAsync(path, form, cancellationToken);
    }
}
