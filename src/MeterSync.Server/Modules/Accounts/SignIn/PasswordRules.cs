using System.Collections.Frozen;
using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Domain;

namespace MeterSync.Modules.Accounts.SignIn;

/// <summary>What a password must be: long enough, and none of those that are guessed first. No demands on kinds of characters: they make people write passwords down
/// (NIST SP 800-63B, 5.1.1.2).</summary>
internal sealed class PasswordRules
{
    public const int MinimumLength = 8;
    private const string ListName = "MeterSync.Modules.Accounts.SignIn.common-passwords.txt";
    private const int ShortestName = 4;

    private readonly Lazy<FrozenSet<string>> common = new(ReadList);

    /// <summary>Null where the user may have the password.</summary>
    public Problem? Check(string field, string password, User user) =>
        password.Length < MinimumLength ? AccountProblems.WeakPassword.For(field, $"A password has at least {MinimumLength} characters.")
        : !Passwords.Fits(password) ? AccountProblems.WeakPassword.For(field, "A password has at most 72 bytes (in UTF-8) and no NUL character.")
        : IsGuessedFirst(password) ? AccountProblems.WeakPassword.For(field, "This password is on the lists that are tried first. Take several words that do not belong together.")
        : Names(user).Any(name => IsAlmost(password, name)) ? AccountProblems.WeakPassword.For(field, "This password is the person's or the program's name with little added. Take several words that do not belong together.")
        : null;

    private bool IsGuessedFirst(string password)
    {
        var plain = password.ToLowerInvariant();
        return common.Value.Contains(plain) || common.Value.Contains(plain.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '!', '?', '.', '#', '*')) || plain.Distinct().Count() <= 2 || IsRow(plain);
    }

    /// <summary>12345678, hgfedcba.</summary>
    private static bool IsRow(string text)
    {
        var step = text[1] - text[0];
        return Math.Abs(step) == 1 && Enumerable.Range(1, text.Length - 1).All(index => text[index] - text[index - 1] == step);
    }

    private static IEnumerable<string> Names(User user) =>
        new[] { "metersync", user.Email, user.Email.Split('@')[0], user.Username ?? "", user.Name.Replace(" ", "", StringComparison.Ordinal) }.Concat(user.Name.Split(' ')).Where(name => name.Length >= ShortestName);

    private static bool IsAlmost(string password, string name) =>
        password.Contains(name, StringComparison.OrdinalIgnoreCase) && password.Length - name.Length < MinimumLength - 2;

    private static FrozenSet<string> ReadList()
    {
        using var stream = typeof(PasswordRules).Assembly.GetManifestResourceStream(ListName) ?? throw new InvalidOperationException($"{ListName} is not in the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
    }
}
