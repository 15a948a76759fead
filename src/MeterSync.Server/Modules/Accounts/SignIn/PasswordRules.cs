using MeterSync.Kernel;

namespace MeterSync.Modules.Accounts.SignIn;

internal static class PasswordRules
{
    public const int MinimumLength = 8;

    /// <summary>Null where the password may be used.</summary>
    public static Problem? Check(string field, string password) =>
        password.Length < MinimumLength ? AccountProblems.WeakPassword.For(field, $"A password has at least {MinimumLength} characters.")
        : !Passwords.Fits(password) ? AccountProblems.WeakPassword.For(field, "A password has at most 72 bytes (in UTF-8) and no NUL character.")
        : null;
}
