using System.Globalization;
using System.Text.RegularExpressions;

namespace MeterSync.Modules.Accounts.Domain;

/// <summary>The one spelling of an e-mail address under which accounts are kept and found: lower case, its domain in the ASCII form of IDNA.
/// What stands before the @ must be ASCII: a Cyrillic letter that looks like a Latin one would make a second account that reads like the first.</summary>
internal static partial class EmailName
{
    public const int MaximumLength = 254;
    private static readonly IdnMapping Idna = new() { UseStd3AsciiRules = true };

    /// <summary>Null where the text is no such address; then <paramref name="fault"/> says why.</summary>
    public static string? Normalise(string? text, out string fault)
    {
        var trimmed = (text ?? "").Trim();
        var at = trimmed.LastIndexOf('@');
        fault = "is no e-mail address, such as ines@example.com.";
        if (at <= 0 || at == trimmed.Length - 1 || trimmed.Length > MaximumLength)
        {
            return null;
        }

        var (local, domain) = (trimmed[..at], trimmed[(at + 1)..]);
        if (local.FirstOrDefault(character => character is < '!' or > '~') is var odd && odd != default)
        {
            fault = $"has the character '{odd}' (U+{(int)odd:X4}) before the @. Only Latin letters, digits and the usual signs may stand there, because look-alikes of them would make another person's address.";
            return null;
        }

        try
        {
            var name = $"{local}@{Idna.GetAscii(domain)}".ToLowerInvariant();
            return name.Length <= MaximumLength && Form().IsMatch(name) ? name : null;
        }
        catch (ArgumentException)
        {
            // No domain name can be made of it.
            return null;
        }
    }

    /// <summary>The dot-atom form of RFC 5322, section 3.4.1, which is what people have; the domain may be a bare host name.</summary>
    [GeneratedRegex("^[a-z0-9!#$%&'*+/=?^_`{|}~-]+([.][a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[a-z0-9-]+([.][a-z0-9-]+)*$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
