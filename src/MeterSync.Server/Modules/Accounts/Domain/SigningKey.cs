namespace MeterSync.Modules.Accounts.Domain;

/// <summary>A key of the ring. New tokens are signed with the newest; older ones still verify until tokens made with them have run out.</summary>
internal sealed class SigningKey
{
    public string Kid { get; set; } = "";

    /// <summary>Encrypted, as it is stored.</summary>
    public byte[] Secret { get; set; } = [];

    public DateTimeOffset CreatedAt { get; set; }
}
