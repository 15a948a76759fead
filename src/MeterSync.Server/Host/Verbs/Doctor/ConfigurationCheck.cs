using MeterSync.Kernel;
using MeterSync.Modules.Accounts;
using MeterSync.Modules.Accounts.FirstStart;
using Microsoft.Extensions.Options;

namespace MeterSync.Host.Verbs.Doctor;

/// <summary>Would a server accept these settings, and does it read all of them?</summary>
internal static class ConfigurationCheck
{
    private const string Check = "configuration";
    private const string KeyCheck = "signing key";
    private const int FewestDistinctLetters = 12;
    private static readonly string[] OtherVariables = [CommonOptions.DataVariable];
    private static readonly string[] OtherPrefixes = [ServerConfiguration.EnvironmentPrefix, "METERSYNC_TEST_"];

    public static IConfiguration Read(Store.DataDirectory data, IReadOnlyList<string> settings, out Finding? unreadable)
    {
        try
        {
            unreadable = null;
            return ServerConfiguration.Read(data, settings);
        }
        catch (Exception exception) when (exception is StartRefusedException or IOException or UnauthorizedAccessException)
        {
            unreadable = Finding.Fail(Check, exception.Message);
            return new ConfigurationBuilder().Build();
        }
    }

    public static IEnumerable<Finding> Run(Patient patient)
    {
        var findings = UnknownKeys(patient).Concat(StrayVariables()).Concat(Aliases(patient)).ToList();
        if (Refusal(patient) is { } refusal)
        {
            findings.Add(Finding.Fail(Check, refusal));
        }

        if (findings.TrueForAll(finding => finding.Level == FindingLevel.Ok))
        {
            findings.Add(Finding.Ok(Check, "Every setting is known and acceptable."));
        }

        findings.Add(SigningKey(patient));
        return findings;
    }

    private static IEnumerable<Finding> UnknownKeys(Patient patient) => patient.Configuration.AsEnumerable()
        .Where(pair => pair.Value is not null && !SettingsCatalog.Knows(pair.Key))
        .Select(pair => Finding.Warn(Check, $"{pair.Key} is no setting and has no effect; did you mean {SettingsCatalog.Nearest(pair.Key)}? Settings stand in {ServerConfiguration.FileOf(patient.Data)} and in variables like {SettingsCatalog.All[0].Variable}."));

    /// <summary>One underscore where two belong is easily typed and easily overlooked.</summary>
    private static IEnumerable<Finding> StrayVariables()
    {
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => name.StartsWith("METERSYNC_", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal))
        {
            if (!OtherVariables.Contains(name) && !OtherPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            {
                var nearest = SettingsCatalog.Nearest(name["METERSYNC_".Length..].Replace("__", ":", StringComparison.Ordinal));
                yield return Finding.Warn(Check, $"The variable {name} has no effect; did you mean {ServerConfiguration.EnvironmentPrefix}{nearest.Replace(":", "__", StringComparison.Ordinal)}?");
            }
        }
    }

    /// <summary>Variables under other programs' names: what they set, and which of them were set for nothing.</summary>
    private static IEnumerable<Finding> Aliases(Patient patient)
    {
        var aliases = ServerConfiguration.Aliases(patient.Settings);
        return aliases.Sources.GroupBy(source => source.Value)
            .Select(variable => Finding.Ok(Check, $"The variable {variable.Key} sets {string.Join(" and ", variable.Select(source => source.Key))}."))
            .Concat(aliases.Notices.Select(notice => Finding.Warn(Check, notice)));
    }

    /// <summary>Builds the server as serve would, without starting it.</summary>
    private static string? Refusal(Patient patient)
    {
        try
        {
            using var app = MeterSyncServer.Create(new ServerStart(patient.Data, patient.Urls, false, null, patient.Settings) { Quiet = true });
            app.Services.GetService<IStartupValidator>()?.Validate();
            return null;
        }
        catch (Exception exception)
        {
            return Verb.Explain(exception, interrupted: false).Message;
        }
    }

    private static Finding SigningKey(Patient patient)
    {
        var key = patient.Configuration[$"{AccountOptions.Section}:{nameof(AccountOptions.SigningKey)}"];
        const string fix = "Leave Accounts:SigningKey out to let MeterSync make and rotate its own, or set one made by: openssl rand -base64 48";
        return key switch
        {
            null or "" => Finding.Ok(KeyCheck, "MeterSync makes and rotates its own."),
            _ when FirstAccounts.IsWellKnown(key) => Finding.Fail(KeyCheck, $"The key is an example from the documentation: anyone could forge a sign-in. {fix}"),
            _ when key.Distinct().Count() < FewestDistinctLetters => Finding.Fail(KeyCheck, $"The key has only {key.Distinct().Count()} different characters and could be guessed. {fix}"),
            _ => Finding.Ok(KeyCheck, "A key of your own is set; it does not rotate by itself."),
        };
    }
}
