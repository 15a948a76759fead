using System.Runtime.InteropServices;
using System.Text;

namespace MeterSync.Modules.Accounts.SignIn;

/// <summary>bcrypt by the system's libxcrypt (crypt_ra and crypt_gensalt_ra of crypt(3)).</summary>
internal static partial class Bcrypt
{
    public const string Prefix = "$2b$";

    /// <summary>bcrypt ignores everything after this many bytes.</summary>
    public const int MaximumBytes = 72;

    /// <summary>False where the system has no libcrypt.so.1.</summary>
    public static bool IsAvailable { get; } = NativeLibrary.TryLoad("libcrypt.so.1", out _);

    /// <exception cref="InvalidOperationException">libcrypt refused the cost.</exception>
    public static string Hash(string password, int cost)
    {
        var pointer = GenerateSalt(Prefix, (uint)cost, IntPtr.Zero, 0);
        if (pointer == IntPtr.Zero)
        {
            throw new InvalidOperationException($"libcrypt makes no bcrypt salt of cost {cost}.");
        }

        try
        {
            return Crypt(password, Marshal.PtrToStringUTF8(pointer)!) ?? throw new InvalidOperationException("libcrypt refused to hash.");
        }
        finally
        {
            Marshal.FreeHGlobal(pointer);
        }
    }

    public static bool Verify(string password, string hash) =>
        Crypt(password, hash) is { } again
        && System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(again), Encoding.ASCII.GetBytes(hash));

    private static string? Crypt(string password, string setting)
    {
        var data = IntPtr.Zero;
        var size = 0;
        try
        {
            var result = CryptReentrant(password, setting, ref data, ref size);
            var text = result == IntPtr.Zero ? null : Marshal.PtrToStringUTF8(result);
            return text is null || text.StartsWith('*') ? null : text;
        }
        finally
        {
            Marshal.FreeHGlobal(data);
        }
    }

    [LibraryImport("libcrypt.so.1", EntryPoint = "crypt_gensalt_ra", StringMarshalling = StringMarshalling.Utf8)]
    private static partial IntPtr GenerateSalt(string prefix, uint count, IntPtr randomBytes, int randomByteCount);

    [LibraryImport("libcrypt.so.1", EntryPoint = "crypt_ra", StringMarshalling = StringMarshalling.Utf8)]
    private static partial IntPtr CryptReentrant(string phrase, string setting, ref IntPtr data, ref int size);
}
