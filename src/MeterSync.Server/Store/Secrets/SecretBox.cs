using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace MeterSync.Store.Secrets;

/// <summary>Encrypts secrets before they are stored. The keys lie in the data directory, not in the database: who has only a copy of the database has no secret.
/// Nothing is read or made before the first secret.</summary>
/// <remarks>Keys are followed by new ones after 90 days; old ones stay, so that what they encrypted can be read.</remarks>
internal sealed class SecretBox(IServiceProvider services, DataDirectory data)
{
    /// <summary>Part of what is encrypted: a secret of one purpose is none of another.</summary>
    public const string SigningKeys = "signing keys";

    public const string AuditChain = "audit chain";

    public const string PersonKeys = "person keys";

    public const string PhotoLinks = "photo links";

    private readonly Lazy<IDataProtector> protector = new(() =>
    {
        data.Create();
        return services.GetRequiredService<IDataProtectionProvider>().CreateProtector("MeterSync.Store.Secrets");
    }, LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Gets ready, which takes the framework longer than all secrets after it.</summary>
    public void WarmUp() => TryOpen(SigningKeys, Seal(SigningKeys, [0]));

    public byte[] Seal(string purpose, byte[] secret) => protector.Value.CreateProtector(purpose).Protect(secret);

    /// <summary>Null where the key it was sealed with is not in the data directory, or the bytes were changed.</summary>
    public byte[]? TryOpen(string purpose, byte[] stored)
    {
        try
        {
            return protector.Value.CreateProtector(purpose).Unprotect(stored);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
