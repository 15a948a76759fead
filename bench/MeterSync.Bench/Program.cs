using MeterSync.Bench;
using MeterSync.Bench.Scenarios;

if (args.Length == 0)
{
    Console.Error.WriteLine("Usage: MeterSync.Bench generate|check|readings|command|start|jobs|sign-ins|permissions|workforce|field|chaos|sync|sync-storm|photo-resume [--option value ...] [-- command ...]");
    return 2;
}
var options = new Options(args[1..]);
try
{
    return args[0] switch
    {
        "generate" => GenerateFiles.Run(options),
        "check" => CheckAnswers.Run(options),
        "readings" => ReadingsSideBySide.Run(options),
        "command" => OneCommand.Run(options),
        "start" => StartToHealthy.Run(options),
        "jobs" => JobsOverHttp.Run(options),
        "sign-ins" => SignInsBesideReads.Run(options),
        "permissions" => PermissionChecks.Run(options),
        "workforce" => WorkforceDay.Run(options),
        "field" => FieldUnderFaults.Run(options),
        "chaos" => Chaos.Run(options),
        "sync" => SyncBesidePouch.Run(options),
        "sync-storm" => SyncStorm.Run(options),
        "photo-resume" => PhotoResume.Run(options),
        _ => throw new BenchFailedException($"There is no scenario '{args[0]}'."),
    };
}
catch (BenchFailedException failure)
{
    Console.Error.WriteLine($"FAILED: {failure.Message}");
    return 1;
}
