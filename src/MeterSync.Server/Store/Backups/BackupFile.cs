using System.Buffers;
using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;

namespace MeterSync.Store.Backups;

/// <summary>A backup of which every byte was found to be what was written.</summary>
internal sealed record BackupFile(string Path, long Bytes, BackupManifest Manifest, BackupContents Contents)
{
    private const int ReadAtOnce = 128 * 1024;
    private const int MostJsonBytes = 512 * 1024 * 1024;

    public static FileStream Open(string path) => new(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read, BufferSize = ReadAtOnce, Options = FileOptions.SequentialScan });

    /// <summary>Reads the file from end to end.</summary>
    /// <exception cref="BackupDamagedException">It is no backup, or not as it was written.</exception>
    public static async Task<BackupFile> VerifyAsync(string path, Action<double> report, CancellationToken cancellationToken)
    {
        await using var file = Open(path);
        var seal = await SealAsync(file, cancellationToken);
        await using var bounded = new HashedStream(file, file.Length - (seal is null ? 0 : BackupFormat.SealBytes));
        var seen = new Seen();
        try
        {
            await using var tar = new TarReader(bounded, leaveOpen: true);
            while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            {
                await seen.TakeAsync(entry, cancellationToken);
                report((double)file.Position / file.Length);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException or ArgumentException or OverflowException)
        {
            throw seen.Last is null
                ? new BackupDamagedException($"{path} is no MeterSync backup.")
                : new BackupDamagedException($"{path} is damaged or cut off behind {seen.Last}: {exception.Message}");
        }

        if (seen.Manifest is not { } manifest)
        {
            throw new BackupDamagedException($"{path} is no MeterSync backup.");
        }

        if (seal is null || seen.Contents is not { } contents)
        {
            throw new BackupDamagedException($"{path} is cut off: its end is missing behind {seen.Last}.");
        }

        seen.Compare(path, contents);
        await bounded.CopyToAsync(Stream.Null, cancellationToken); // what follows the last entry is hashed with the rest

        return Convert.ToHexStringLower(bounded.Hash()) == seal
            ? new BackupFile(path, file.Length, manifest, contents)
            : throw new BackupDamagedException($"{path} was altered: its entries are as they were, what stands between them is not.");
    }

    private static async Task<string?> SealAsync(FileStream file, CancellationToken cancellationToken)
    {
        if (file.Length < BackupFormat.SealBytes)
        {
            return null;
        }

        var last = new byte[BackupFormat.SealBytes];
        file.Seek(-last.Length, SeekOrigin.End);
        await file.ReadExactlyAsync(last, cancellationToken);
        file.Seek(0, SeekOrigin.Begin);
        return BackupFormat.HashOf(last);
    }

    /// <summary>What was met on the way.</summary>
    private sealed class Seen
    {
        private readonly List<BackupPart> parts = [];
        private long fileBytes;
        private long fileCount;

        public string? Last { get; private set; }

        public BackupManifest? Manifest { get; private set; }

        public BackupContents? Contents { get; private set; }

        public async Task TakeAsync(TarEntry entry, CancellationToken cancellationToken)
        {
            if (Contents is not null)
            {
                throw new InvalidDataException($"{entry.Name} stands behind the end.");
            }

            if (Last is null && entry.Name != BackupFormat.Manifest)
            {
                throw new InvalidDataException("It does not begin with a manifest.");
            }

            var isDescription = entry.Name is BackupFormat.Manifest or BackupFormat.Contents;
            using var kept = isDescription && entry.Length < MostJsonBytes ? new MemoryStream() : null;
            var (bytes, hash) = await HashAsync(entry, kept, cancellationToken);
            if (BackupFormat.FileHashOf(entry.Name) is { } named)
            {
                fileCount++;
                fileBytes += bytes;
                if (named != hash)
                {
                    throw new BackupDamagedException($"The backup is damaged: the stored file {entry.Name} is not what its name says.");
                }
            }
            else if (entry.Name != BackupFormat.Contents)
            {
                parts.Add(new BackupPart(entry.Name, bytes, hash));
            }

            Describe(entry.Name, kept);
            Last = entry.Name;
        }

        /// <exception cref="BackupDamagedException">Names the first part that is not as it was written.</exception>
        public void Compare(string path, BackupContents contents)
        {
            for (var index = 0; index < Math.Max(parts.Count, contents.Parts.Count); index++)
            {
                var (there, written) = (parts.ElementAtOrDefault(index), contents.Parts.ElementAtOrDefault(index));
                if (there != written)
                {
                    throw new BackupDamagedException($"{path} is damaged: {written?.Name ?? there!.Name} is not as it was written.");
                }
            }

            if (fileCount != contents.FileCount || fileBytes != contents.FileBytes)
            {
                throw new BackupDamagedException($"{path} is damaged: it has {fileCount} stored files of {fileBytes} bytes, and was written with {contents.FileCount} of {contents.FileBytes} bytes.");
            }
        }

        private void Describe(string name, MemoryStream? json)
        {
            if (json is null)
            {
                return;
            }

            try
            {
                if (name == BackupFormat.Manifest)
                {
                    Manifest = JsonSerializer.Deserialize(json.ToArray(), BackupJson.Default.BackupManifest);
                    Require(Manifest);
                }
                else
                {
                    Contents = JsonSerializer.Deserialize(json.ToArray(), BackupJson.Default.BackupContents);
                }
            }
            catch (JsonException)
            {
                throw new BackupDamagedException($"The backup is damaged: {name} cannot be read.");
            }
        }

        private static void Require(BackupManifest? manifest)
        {
            if (manifest?.Product != BackupFormat.Product)
            {
                throw new InvalidDataException("It does not begin with a manifest.");
            }

            if (manifest.Format > BackupFormat.Version)
            {
                throw new RestoreRefusedException($"The backup was written by MeterSync {manifest.Version}, in a form that this program does not know. Use that release or a newer one.");
            }
        }

        private static async Task<(long Bytes, string Hash)> HashAsync(TarEntry entry, MemoryStream? kept, CancellationToken cancellationToken)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = ArrayPool<byte>.Shared.Rent(ReadAtOnce);
            try
            {
                var bytes = 0L;
                for (int read; entry.DataStream is { } data && (read = await data.ReadAsync(buffer, cancellationToken)) > 0; bytes += read)
                {
                    hash.AppendData(buffer, 0, read);
                    kept?.Write(buffer, 0, read);
                }

                return bytes == entry.Length ? (bytes, Convert.ToHexStringLower(hash.GetHashAndReset())) : throw new EndOfStreamException($"{entry.Name} has {bytes} of {entry.Length} bytes.");
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
}
