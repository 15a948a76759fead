using System.Text.Json.Nodes;

namespace MeterSync.Host.Verbs;

/// <summary>A verb ends here: what to tell the person and the shell.</summary>
/// <param name="exitCode">One of <see cref="ExitCode"/>.</param>
/// <param name="code">A problem code of the API, or one of <see cref="VerbProblem"/>.</param>
/// <param name="message">What is wrong and the fix, in one line.</param>
/// <param name="details">Field to messages, or null.</param>
internal sealed class VerbException(int exitCode, string code, string message, JsonObject? details = null) : Exception(message)
{
    public int ExitCode => exitCode;

    public string Code => code;

    public JsonObject? Details => details;
}

/// <summary>Codes of failures that happen on this side of the API. docs/operations.md lists them.</summary>
internal static class VerbProblem
{
    public const string Usage = "verb.usage";
    public const string StartRefused = "verb.start_refused";
    public const string NoData = "verb.no_data";
    public const string File = "verb.file";
    public const string Locked = "verb.locked";
    public const string Unavailable = "verb.unavailable";
    public const string Interrupted = "verb.interrupted";
    public const string JobFailed = "verb.job_failed";
    public const string BackupDamaged = "verb.backup_damaged";
    public const string BackupRefused = "verb.backup_refused";
    public const string AuditBroken = "verb.audit_broken";
    public const string Unexpected = "verb.unexpected";
}
