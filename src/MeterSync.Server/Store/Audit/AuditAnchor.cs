namespace MeterSync.Store.Audit;

/// <summary>Where the chain ended when it was last sealed here, in a file beside the keys. Whoever has the database alone can take seals off entries and let
/// the server make the chain anew over what was changed; the file shows that, and the sealer stops.</summary>
internal sealed class AuditAnchor(DataDirectory data)
{
    private const string Name = "audit-head";

    private string File => Path.Combine(data.Path, Name);

    /// <summary>Null before the first entry was sealed here, and after an operator who restored a database by other means than metersync restore removed the file.</summary>
    /// <exception cref="AuditKeyException">The file is no head of a chain.</exception>
    public AuditHead? Read()
    {
        if (!System.IO.File.Exists(File))
        {
            return null;
        }

        var text = System.IO.File.ReadAllText(File);
        return AuditHead.TryParse(text, out var head) ? head : throw new AuditKeyException($"The file {Name} in the data directory does not say where the audit log ended. {Advice}");
    }

    /// <remarks>Processes that share the directory may write at once: each has a file of its own until it takes the place of the old one whole. The last to come may be
    /// a batch behind; its head is on the chain all the same.</remarks>
    public void Write(AuditHead head)
    {
        var next = Path.Combine(data.Path, $"{Name}.{Path.GetRandomFileName()}");
        try
        {
            System.IO.File.WriteAllText(next, head.ToString());
            System.IO.File.Move(next, File, overwrite: true);
        }
        catch
        {
            System.IO.File.Delete(next);
            throw;
        }
    }

    /// <exception cref="AuditKeyException">The chain does not go on from where it ended.</exception>
    public static void Require(AuditHead anchor, AuditHead head, byte[]? hashThere)
    {
        if (head.Seq < anchor.Seq || hashThere is null || !hashThere.AsSpan().SequenceEqual(anchor.Hash))
        {
            throw new AuditKeyException($"The audit log was sealed up to entry {anchor.Seq} here, and the database no longer has that: it ends at {head.Seq}, or its entries were replaced. {Advice}");
        }
    }

    private const string Advice = "If a database was restored without metersync restore, remove the file audit-head from the data directory; otherwise somebody has changed the log: keep the database as it is and find out who.";
}
