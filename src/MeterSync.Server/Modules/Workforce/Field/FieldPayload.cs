using System.Security.Cryptography;
using System.Text;
using MeterSync.Kernel;
using MeterSync.Modules.Readings.Public;

namespace MeterSync.Modules.Workforce.Field;

/// <summary>What all that phones bring have in common.</summary>
internal static class FieldPayload
{
    /// <summary>For what is made once and never changed.</summary>
    public static Problem? RefuseUpdate(this FieldMessage message, string name) =>
        message.Op == FieldOp.Create ? null : KernelProblems.Invalid.For("op", $"The op of {name} is create: it is said once.");

    /// <summary>SHA-256 of a versioned text.</summary>
    public static byte[] HashOf(string canonical) => SHA256.HashData(Encoding.UTF8.GetBytes(canonical));
}
