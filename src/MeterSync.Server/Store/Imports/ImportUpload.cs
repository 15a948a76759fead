using MeterSync.Kernel;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MeterSync.Store.Imports;

/// <summary>Takes a form with a file as it arrives: the file goes to disk, never into memory.</summary>
/// <param name="Path">Where the file is.</param>
/// <param name="FileName">As the sender called it, without folders.</param>
/// <param name="Fields">The other fields by name.</param>
internal sealed record ImportUpload(string Path, string FileName, IReadOnlyDictionary<string, string> Fields)
{
    private const int MaximumFields = 20;
    private const int MaximumFieldCharacters = 1024;
    private const int MaximumNameCharacters = 200;

    /// <summary>Reads the form. On a problem nothing is left on disk.</summary>
    public static async Task<Outcome<ImportUpload>> ReceiveAsync(HttpRequest request, ImportKind kind, string path, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 100 } boundary)
        {
            return KernelProblems.UnsupportedMediaType.Because("Send the file as multipart/form-data in a part named file.");
        }

        Outcome<ImportUpload> outcome = KernelProblems.Malformed.Because("The form could not be read to its end.");
        try
        {
            outcome = await ReadPartsAsync(new MultipartReader(boundary, request.Body), kind, path, cancellationToken);
            return outcome;
        }
        catch (Exception exception) when (exception is InvalidDataException || (exception is IOException && !StoreFaults.IsUnavailable(exception) && exception is not BadHttpRequestException))
        {
            return outcome;
        }
        finally
        {
            if (!outcome.Succeeded)
            {
                File.Delete(path);
            }
        }
    }

    private static async Task<Outcome<ImportUpload>> ReadPartsAsync(MultipartReader parts, ImportKind kind, string path, CancellationToken cancellationToken)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        string? fileName = null;
        while (await parts.ReadNextSectionAsync(cancellationToken) is { } part)
        {
            if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition))
            {
                continue;
            }

            var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
            if (disposition.IsFileDisposition())
            {
                if (name != "file" || fileName is not null)
                {
                    return KernelProblems.Invalid.For(name, "The form has one file, in the part named file.");
                }

                fileName = NameOf(disposition) ?? kind.FileName;
                if (await SaveAsync(part.Body, path, kind.MaximumBytes, cancellationToken) > kind.MaximumBytes)
                {
                    return KernelProblems.TooLarge.Because($"The file is larger than {kind.MaximumMegabytes} MB. Split it.");
                }
            }
            else if (fields.Count >= MaximumFields || await TextAsync(part.Body, cancellationToken) is not { } text)
            {
                return KernelProblems.Invalid.For(name, $"The form has more than {MaximumFields} fields, or this one is longer than {MaximumFieldCharacters} characters.");
            }
            else
            {
                fields[name] = text;
            }
        }

        return fileName is null
            ? kind.FileMissing.For("file", "The form has no part named file with a file in it.")
            : new ImportUpload(path, fileName, fields);
    }

    /// <summary>Browsers of old send whole paths, and a name is shown later: only its last part, without control characters; null where nothing is left.</summary>
    private static string? NameOf(ContentDispositionHeaderValue disposition)
    {
        var given = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString();
        var last = given[(given.LastIndexOfAny(['/', '\\']) + 1)..];
        var name = new string([.. last.Where(character => !char.IsControl(character))]).Trim();
        return name.Length switch
        {
            0 => null,
            > MaximumNameCharacters => name[^MaximumNameCharacters..],
            _ => name,
        };
    }

    private static async Task<long> SaveAsync(Stream body, string path, long maximumBytes, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        var buffer = new byte[64 * 1024];
        long total = 0;
        int read;
        while (total <= maximumBytes && (read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            total += read;
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        file.Flush(flushToDisk: true);
        return total;
    }

    /// <summary>Null where it is too long.</summary>
    private static async Task<string?> TextAsync(Stream body, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(body);
        var buffer = new char[MaximumFieldCharacters + 1];
        var length = await reader.ReadBlockAsync(buffer, cancellationToken);
        return length > MaximumFieldCharacters ? null : new string(buffer, 0, length);
    }
}
