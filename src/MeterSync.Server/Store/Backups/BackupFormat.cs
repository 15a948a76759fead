using System.Security.Cryptography;
using System.Text;

namespace MeterSync.Store.Backups;

/// <summary>The file: a tar archive that any tar unpacks, and behind its end one line with the SHA-256 of everything before. docs/operations.md describes it.</summary>
internal static class BackupFormat
{
    public const int Version = 1;
    public const string Product = "metersync";
    public const string Manifest = "manifest.json";
    public const string Contents = "contents.json";
    public const string AuditHead = "audit-head";
    public const string Keys = "keys/";
    public const string Files = "blobs/";
    public const string SqliteFile = "database/metersync.db";
    public const string Tables = "tables/";

    /// <summary>Compressed parts of one thing end in this and their number.</summary>
    public const string Packed = ".gz.";

    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const string SealBegin = "metersync-backup sha256 ";

    public static int SealBytes { get; } = SealBegin.Length + (SHA256.HashSizeInBytes * 2) + 1;

    public static byte[] SealOf(byte[] hash) => Encoding.ASCII.GetBytes($"{SealBegin}{Convert.ToHexStringLower(hash)}\n");

    /// <summary>Null where the bytes are no such line.</summary>
    public static string? HashOf(ReadOnlySpan<byte> seal)
    {
        var text = Encoding.ASCII.GetString(seal);
        return text.Length == SealBytes && text.StartsWith(SealBegin, StringComparison.Ordinal) && text[^1] == '\n' ? text[SealBegin.Length..^1] : null;
    }

    /// <summary>The thing a part belongs to: itself, unless it is a compressed part.</summary>
    public static string ThingOf(string part)
    {
        var at = part.LastIndexOf(Packed, StringComparison.Ordinal);
        return at < 0 ? part : part[..at];
    }

    public static string TableOf(string table) => $"{Tables}{table}.copy";

    /// <summary>Where a stored file lies, in the archive and below the data directory.</summary>
    public static string PlaceOf(string hash) => $"{Files}{hash[..2]}/{hash[2..4]}/{hash}";

    /// <summary>Null where the name is no place of a stored file.</summary>
    public static string? FileHashOf(string name)
    {
        var hash = name[(name.LastIndexOf('/') + 1)..];
        return IsHash(hash) && name == PlaceOf(hash) ? hash : null;
    }

    public static bool IsHash(string text) => text.Length == SHA256.HashSizeInBytes * 2 && text.All(char.IsAsciiHexDigitLower);
}

/// <summary>The file is no whole backup; the message names the place.</summary>
internal sealed class BackupDamagedException(string message) : Exception(message);

/// <summary>The backup does not go where it is to go; the message says the fix.</summary>
internal sealed class RestoreRefusedException(string message) : Exception(message);
