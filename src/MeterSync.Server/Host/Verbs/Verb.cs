using System.CommandLine;
using System.Net.Sockets;
using MeterSync.Kernel;
using MeterSync.Store;
using MeterSync.Store.Backups;
using MeterSync.Store.Blobs;
using MeterSync.Store.Schema;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace MeterSync.Host.Verbs;

/// <summary>Runs a verb and turns what stops it into one line and an exit code.</summary>
internal static class Verb
{
    public static void Run(this Command command, Func<ParseResult, VerbOutput, CancellationToken, Task<int>> action) =>
        command.SetAction((parsed, cancellationToken) => GuardAsync(parsed, action, cancellationToken));

    private static async Task<int> GuardAsync(ParseResult parsed, Func<ParseResult, VerbOutput, CancellationToken, Task<int>> action, CancellationToken cancellationToken)
    {
        var output = VerbOutput.For(parsed);
        try
        {
            return await action(parsed, output, cancellationToken);
        }
        catch (Exception exception)
        {
            var failure = Explain(exception, cancellationToken.IsCancellationRequested);
            output.Fail(failure);
            if (failure.Code == VerbProblem.Unexpected)
            {
                output.Say(exception.ToString());
            }

            return failure.ExitCode;
        }
    }

    /// <param name="exception">What stopped the verb.</param>
    /// <param name="interrupted">Whether it had been told to stop.</param>
    public static VerbException Explain(Exception exception, bool interrupted) => exception switch
    {
        VerbException verb => verb,
        OperationCanceledException when interrupted => new(ExitCode.Interrupted, VerbProblem.Interrupted, "Interrupted."),
        StartRefusedException or SchemaException => new(ExitCode.Usage, VerbProblem.StartRefused, exception.Message),
        BlobStoreException => new(ExitCode.Unavailable, VerbProblem.Unavailable, $"{exception.Message} Check Storage:Kind and what belongs to it (docs/config.md)."),
        BackupDamagedException => new(ExitCode.Refused, VerbProblem.BackupDamaged, $"{exception.Message} Nothing was changed."),
        RestoreRefusedException => new(ExitCode.Refused, VerbProblem.BackupRefused, exception.Message),
        OptionsValidationException invalid => new(ExitCode.Usage, VerbProblem.StartRefused, SettingsRefusal.Of([invalid])),
        AggregateException { InnerExceptions: [OptionsValidationException, ..] } many => new(ExitCode.Usage, VerbProblem.StartRefused, SettingsRefusal.Of(many.InnerExceptions.OfType<OptionsValidationException>())),
        InvalidOperationException { Message: var message } when message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal) => new(ExitCode.Usage, VerbProblem.StartRefused, string.Join(" ", [message, .. SettingsRefusal.SetByAliases(message)])),
        UnauthorizedAccessException => new(ExitCode.Usage, VerbProblem.StartRefused, $"{exception.Message} Run metersync as the owner of the data directory."),
        HttpRequestException or HttpIOException => LocalApi.Lost(exception),
        IOException { InnerException: AddressInUseException } => new(ExitCode.Usage, VerbProblem.StartRefused, $"{exception.Message} Another program listens there: stop it, or give --urls another port."),
        IOException { InnerException: SocketException } or SocketException => new(ExitCode.Usage, VerbProblem.StartRefused, $"{exception.Message} Check the addresses of --urls."),
        _ when StoreFaults.IsUnavailable(exception) => new(ExitCode.Unavailable, VerbProblem.Unavailable, $"The database cannot be reached or is out of space: {exception.GetBaseException().Message.TrimEnd('.')}. Check that it runs, and Database:ConnectionString."),
        IOException => new(ExitCode.Refused, VerbProblem.File, exception.Message),
        _ => new(ExitCode.Refused, VerbProblem.Unexpected, $"Something failed on our side: {exception.Message}"),
    };
}
