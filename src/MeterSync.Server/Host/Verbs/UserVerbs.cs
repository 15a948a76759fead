using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MeterSync.Kernel;
using MeterSync.Modules.Accounts;

namespace MeterSync.Host.Verbs;

/// <summary>metersync user add, list, reset-password.</summary>
internal static class UserVerbs
{
    private const string PasswordAlphabet = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private const int GeneratedLength = 20;
    private const int PageLimit = 100;

    private static readonly Option<bool> PasswordStdin = new("--password-stdin") { Description = "Read the password from standard input instead of making one" };

    public static Command Command() => new("user", "The people who may sign in") { Add(), List(), ResetPassword() };

    private static Command Add()
    {
        var email = new Option<string>("--email") { Required = true, Description = "E-mail address, with which the user signs in", HelpName = "ADDRESS" };
        var name = new Option<string>("--name") { Required = true, Description = "Full name" };
        var role = new Option<string>("--role") { Required = true, Description = $"One of {string.Join(", ", BuiltInRole.All)}, or a role of your own" };
        var scope = new Option<string?>("--scope") { Description = "all or regions: whose rows a manager or viewer sees; without it none, until an administrator names regions" };
        var username = new Option<string?>("--username") { Description = "A short name to sign in with" };
        var command = new Command("add", "Make a user; prints the password once, unless it came from standard input") { email, name, role, scope, username, PasswordStdin };
        command.Run(async (parsed, output, cancellationToken) =>
        {
            var given = parsed.GetValue(PasswordStdin);
            var password = given ? ReadPassword() : RandomNumberGenerator.GetString(PasswordAlphabet, GeneratedLength);
            var request = new JsonObject
            {
                ["email"] = parsed.GetValue(email),
                ["username"] = parsed.GetValue(username),
                ["name"] = parsed.GetValue(name),
                ["role"] = parsed.GetValue(role),
                ["scope"] = parsed.GetValue(scope),
                ["password"] = password,
            };
            await using var server = await LocalServer.OpenAsync(new(AccountsModule.Title, CommonOptions.DataOf(parsed), CommonOptions.SettingsOf(parsed), NeedsWorker: false, MayCreateData: true), output, cancellationToken);
            var user = await server.Api.PostAsync("/api/v1/users", request, cancellationToken);
            Tell(output, user, $"{(string?)user["email"]} may sign in as {(string?)user["role"]}.", given ? null : password);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "The users");
        command.Run(async (parsed, output, cancellationToken) =>
        {
            await using var server = await LocalServer.OpenAsync(new(AccountsModule.Title, CommonOptions.DataOf(parsed), CommonOptions.SettingsOf(parsed), NeedsWorker: false, MayCreateData: false), output, cancellationToken);
            var users = new JsonArray();
            await foreach (var user in FindAsync(server.Api, null, cancellationToken))
            {
                users.Add(user);
            }

            string[] columns = ["email", "username", "name", "role", "status", "last_login"];
            if (output.Json)
            {
                output.Result(new JsonObject { ["items"] = users });
            }
            else
            {
                output.Table(columns, [.. users.Select(user => columns.Select(column => (string?)user![column] ?? "").ToArray())]);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command ResetPassword()
    {
        var name = new Argument<string>("NAME") { Description = "User name or e-mail address" };
        var command = new Command("reset-password", "Give a user a new password; ends the user's sessions") { name, PasswordStdin };
        command.Run(async (parsed, output, cancellationToken) =>
        {
            var wanted = parsed.GetRequiredValue(name).Trim().ToLowerInvariant();
            var given = parsed.GetValue(PasswordStdin);
            var password = given ? ReadPassword() : RandomNumberGenerator.GetString(PasswordAlphabet, GeneratedLength);
            await using var server = await LocalServer.OpenAsync(new(AccountsModule.Title, CommonOptions.DataOf(parsed), CommonOptions.SettingsOf(parsed), NeedsWorker: false, MayCreateData: false), output, cancellationToken);
            var user = await FindAsync(server.Api, wanted, cancellationToken).FirstOrDefaultAsync(candidate => (string?)candidate["email"] == wanted || (string?)candidate["username"] == wanted, cancellationToken)
                ?? throw new VerbException(ExitCode.Refused, "user.not_found", $"There is no user {wanted}. metersync user list shows them all.");
            await server.Api.PostAsync($"/api/v1/users/{(string?)user["id"]}/change-password", new JsonObject { ["new_password"] = password }, cancellationToken);
            Tell(output, user, $"{(string?)user["email"]} has a new password, and is signed out everywhere.", given ? null : password);
            return ExitCode.Done;
        });
        return command;
    }

    private static async IAsyncEnumerable<JsonNode> FindAsync(LocalApi api, string? search, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var page = 1; ; page++)
        {
            var found = await api.GetAsync($"/api/v1/users?page={page}&limit={PageLimit}{(search is null ? "" : "&search=" + Uri.EscapeDataString(search))}", cancellationToken);
            foreach (var user in found["items"]!.AsArray())
            {
                yield return user!.DeepClone();
            }

            if ((bool?)found["has_next"] != true)
            {
                yield break;
            }
        }
    }

    private static void Tell(VerbOutput output, JsonNode user, string line, string? generated)
    {
        if (generated is not null)
        {
            user["password"] = generated;
        }

        output.Result(user, generated is null ? [line] : [line, $"Password: {generated}", "It is shown only this once."]);
    }

    private static string ReadPassword() =>
        Console.In.ReadLine() is { Length: > 0 } line ? line : throw new VerbException(ExitCode.Usage, VerbProblem.Usage, "--password-stdin found no password on standard input.");
}
