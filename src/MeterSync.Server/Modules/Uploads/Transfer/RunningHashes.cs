using System.Security.Cryptography;
using MeterSync.Kernel;

namespace MeterSync.Modules.Uploads.Transfer;

/// <summary>SHA-256 of what this process has seen of the uploads under way, so that a whole file need not be read again. What is forgotten here, by a restart or because there are many, is computed from the file.</summary>
internal sealed class RunningHashes : IDisposable
{
    private const int Most = 256;
    private readonly Lock guard = new();
    private readonly OrderedDictionary<UploadId, RunningHash> known = [];

    /// <summary>The hash of the first bytes, which is the caller's from here on; null where it is not known.</summary>
    /// <param name="id">The upload.</param>
    /// <param name="bytes">How many it must cover.</param>
    public RunningHash? Take(UploadId id, long bytes)
    {
        RunningHash? hash;
        lock (guard)
        {
            known.Remove(id, out hash);
        }

        if (hash?.Bytes == bytes)
        {
            return hash;
        }

        hash?.Dispose();
        return bytes == 0 ? new RunningHash() : null;
    }

    public void Keep(UploadId id, RunningHash hash)
    {
        RunningHash? evicted = null;
        lock (guard)
        {
            if (known.Count >= Most)
            {
                evicted = known.GetAt(0).Value;
                known.RemoveAt(0);
            }

            known.Remove(id, out var older);
            older?.Dispose();
            known[id] = hash;
        }

        evicted?.Dispose();
    }

    public void Forget(UploadId id)
    {
        lock (guard)
        {
            known.Remove(id, out var hash);
            hash?.Dispose();
        }
    }

    public void Dispose()
    {
        lock (guard)
        {
            foreach (var hash in known.Values)
            {
                hash.Dispose();
            }

            known.Clear();
        }
    }
}

/// <summary>The SHA-256 of a file's beginning.</summary>
internal sealed class RunningHash : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public long Bytes { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        hash.AppendData(bytes);
        Bytes += bytes.Length;
    }

    public byte[] Finish() => hash.GetHashAndReset();

    public void Dispose() => hash.Dispose();
}
