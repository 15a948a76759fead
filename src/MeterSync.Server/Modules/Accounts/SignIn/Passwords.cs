using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MeterSync.Kernel;
using MeterSync.Modules.Accounts.Public;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Accounts.SignIn;

/// <summary>bcrypt through libxcrypt, PBKDF2 of the framework where the system lacks it; both are understood everywhere. Hashing has threads of its own
/// that stand behind everything else: sign-ins must not starve readings. What waits for them is bounded; beyond that callers hear so at once.</summary>
internal sealed class Passwords(IOptions<AccountOptions> options, HashThreads threads) : IPasswords
{
    private const string Pbkdf2Prefix = "$pbkdf2-sha256$";
    private const int Pbkdf2Rounds = 600_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    public static bool Fits(string password) => Encoding.UTF8.GetByteCount(password) <= Bcrypt.MaximumBytes && !password.Contains('\0', StringComparison.Ordinal);

    public Task<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        if (!Fits(password))
        {
            throw new ArgumentException("The password is longer than 72 bytes or holds a NUL.", nameof(password));
        }

        return threads.RunAsync(() => Bcrypt.IsAvailable ? Bcrypt.Hash(password, options.Value.BcryptCost) : Pbkdf2(password), cancellationToken);
    }

    public Task<bool> VerifyAsync(string password, string hash, CancellationToken cancellationToken) =>
        threads.RunAsync(
            () => Fits(password) && (hash.StartsWith(Pbkdf2Prefix, StringComparison.Ordinal)
                ? VerifyPbkdf2(password, hash)
                : Bcrypt.IsAvailable && Bcrypt.Verify(password, hash)),
            cancellationToken);

    private static string Pbkdf2(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, Pbkdf2Rounds, HashAlgorithmName.SHA256, HashBytes);
        return string.Create(CultureInfo.InvariantCulture, $"{Pbkdf2Prefix}{Pbkdf2Rounds}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
    }

    private static bool VerifyPbkdf2(string password, string stored)
    {
        var parts = stored[Pbkdf2Prefix.Length..].Split('$');
        if (parts.Length != 3 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var rounds))
        {
            return false;
        }

        var expected = Convert.FromBase64String(parts[2]);
        var actual = Rfc2898DeriveBytes.Pbkdf2(password, Convert.FromBase64String(parts[1]), rounds, HashAlgorithmName.SHA256, expected.Length);
        return CryptographicOperations.FixedTimeEquals(actual, expected);
    }
}
