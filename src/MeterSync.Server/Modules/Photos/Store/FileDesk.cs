using MeterSync.Kernel;
using MeterSync.Modules.Photos.Domain;
using MeterSync.Store;
using MeterSync.Store.Blobs;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Photos.Store;

/// <summary>Files that were put here by themselves.</summary>
internal sealed class FileDesk(MeterSyncDb db, WriteTransactions transactions, IBlobStore store, BlobIntake intake, BlobLedger ledger, CallerAccessor callers, TimeProvider clock, IdSource ids)
{
    /// <summary>Takes the file of a form, of whatever kind <paramref name="tell"/> finds; null there refuses it.</summary>
    public async Task<Outcome<FileView>> TakeAsync(HttpRequest http, StoredFileKind kind, long mostBytes, Func<Stream, string?, DocumentKind?> tell, CancellationToken cancellationToken)
    {
        var form = await BlobForm.ReceiveAsync(http, intake, mostBytes, cancellationToken);
        if (!form.Succeeded && form.Problem is { } problem)
        {
            return problem;
        }

        using var sent = form.Value;
        if (sent is null || sent.Received.Length == 0)
        {
            return PhotoProblems.FileMissing.For("file", "The form has no part named file with a file in it.");
        }

        var found = await TellAsync(sent, tell);
        if (found is null)
        {
            return PhotoProblems.FileTypeNotAccepted.For("file", kind == StoredFileKind.Photo ? "The bytes are no JPEG, PNG, WebP or HEIC picture." : "Documents are PDF, DOCX, XLSX, CSV and plain text; the bytes are none of these.");
        }

        await store.PutAsync(sent.Received, cancellationToken);
        var file = New(sent, kind, found);
        return await transactions.RunAsync<FileView>(
            async token =>
            {
                await ledger.TakeAsync(sent.Received, token);
                db.Add(file);
                await db.SaveChangesAsync(token);
                transactions.Afterwards(() => PhotoMetrics.File("stored"));
                return FileView.Of(file);
            },
            cancellationToken);
    }

    /// <summary>Those the caller sees: whoever sees everything sees all, others their own.</summary>
    public IQueryable<StoredFile> Visible()
    {
        var caller = callers.Caller;
        if (caller is { OwnOnly: null, RegionsOnly: null })
        {
            return db.Set<StoredFile>();
        }

        var own = caller.UserId ?? new UserId(Guid.Empty);
        return db.Set<StoredFile>().Where(file => file.UserId == own);
    }

    public static Problem NotFound(string name) => PhotoProblems.FileNotFound.Because($"There is no file {(name.Length > 80 ? name[..80] : name)}.");

    private static async Task<DocumentKind?> TellAsync(SentFile sent, Func<Stream, string?, DocumentKind?> tell)
    {
        await using var file = File.OpenRead(sent.Received.Path);
        return tell(file, sent.FileName);
    }

    private StoredFile New(SentFile sent, StoredFileKind kind, DocumentKind found)
    {
        var id = ids.Next<StoredFileId>();
        return new StoredFile
        {
            Id = id,
            // The id alone could be guessed from others of the same moment, and links to files are handed on.
            Name = $"{id.Value:n}{System.Security.Cryptography.RandomNumberGenerator.GetHexString(16, lowercase: true)}.{found.Ending}",
            Kind = kind,
            FileName = FileNames.Clean(sent.FileName, $"file.{found.Ending}"),
            ContentType = found.ContentType,
            Length = sent.Received.Length,
            Sha256 = sent.Received.Hash.ToBytes(),
            UserId = callers.Caller.UserId ?? new UserId(Guid.Empty),
            CreatedAt = clock.GetUtcNow().ToStored(),
        };
    }
}
