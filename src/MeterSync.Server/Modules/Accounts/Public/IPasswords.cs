namespace MeterSync.Modules.Accounts.Public;

/// <summary>Hashes and checks people's passwords. The stored hash names its own scheme.</summary>
public interface IPasswords
{
    /// <exception cref="ArgumentException">Longer than 72 bytes in UTF-8, which bcrypt would cut off, or with a NUL.</exception>
    Task<string> HashAsync(string password, CancellationToken cancellationToken);

    /// <summary>False for a wrong password and for a hash in no known scheme.</summary>
    Task<bool> VerifyAsync(string password, string hash, CancellationToken cancellationToken);
}
