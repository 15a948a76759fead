using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace MeterSync.Host.Verbs;

/// <summary>metersync version.</summary>
internal static class VersionVerb
{
    public static Command Command()
    {
        var command = new Command("version", "The program's version");
        command.SetAction(parsed =>
        {
            var version = typeof(VersionVerb).Assembly.GetName().Version?.ToString(3) ?? "0";
            var informational = typeof(VersionVerb).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
            VerbOutput.For(parsed).Result(
                new JsonObject { ["version"] = version, ["build"] = informational, ["runtime"] = RuntimeInformation.FrameworkDescription },
                $"MeterSync {version}");
            return ExitCode.Done;
        });
        return command;
    }
}
