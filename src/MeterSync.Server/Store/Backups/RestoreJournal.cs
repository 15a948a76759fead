using System.Globalization;
using System.Text.Json;
using MeterSync.Kernel;
using MeterSync.Store.Blobs;

namespace MeterSync.Store.Backups;

/// <summary>How far a restore has come, in the data directory while it is under way: whoever finds it there without a restore at work knows what is old and what is new.</summary>
/// <param name="Id">Of the restore; its own folder is named by it.</param>
/// <param name="Provider">sqlite or postgres.</param>
/// <param name="EpochId">That it begins. On PostgreSQL it tells whether the restore was committed.</param>
/// <param name="BackupAt">When the backup was made.</param>
/// <param name="BegunAt">When the restore was begun.</param>
/// <param name="Phase">On SQLite.</param>
internal sealed record RestoreJournal(Guid Id, string Provider, Guid EpochId, DateTimeOffset BackupAt, DateTimeOffset BegunAt, RestorePhase Phase)
{
    private const string Name = "restore-journal.json";

    /// <summary>Where the new things wait.</summary>
    public string FolderName => $"restore-{Id:n}";

    /// <summary>Where the old things go.</summary>
    public string AsideName => string.Create(CultureInfo.InvariantCulture, $"before-restore-{BegunAt.UtcDateTime:yyyyMMdd-HHmmss}");

    public static bool Exists(DataDirectory data) => File.Exists(PathOf(data));

    /// <summary>Null where no restore is under way.</summary>
    public static RestoreJournal? Read(DataDirectory data)
    {
        if (!Exists(data))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(PathOf(data)), BackupJson.Default.RestoreJournal);
        }
        catch (JsonException)
        {
            throw new StartRefusedException($"{PathOf(data)} says how far a restore came and cannot be read. Look whether metersync.db is in the data directory and in which state; then remove this file.");
        }
    }

    public string FolderIn(DataDirectory data) => Path.Combine(data.Path, FolderName);

    public string AsideIn(DataDirectory data) => Path.Combine(data.Path, AsideName);

    public void Write(DataDirectory data) => Durable.Write(PathOf(data), JsonSerializer.SerializeToUtf8Bytes(this, BackupJson.Default.RestoreJournal));

    /// <summary>The restore is over: its folder goes first, so that none is left without a journal.</summary>
    public void Close(DataDirectory data)
    {
        if (Directory.Exists(FolderIn(data)))
        {
            Directory.Delete(FolderIn(data), recursive: true);
        }

        File.Delete(PathOf(data));
        FolderSync.Flush(data.Path);
    }

    private static string PathOf(DataDirectory data) => Path.Combine(data.Path, Name);
}

internal enum RestorePhase
{
    /// <summary>Nothing was replaced yet: the data are the old ones.</summary>
    Staging,

    /// <summary>The new things are whole; the old ones are being moved aside.</summary>
    MovingAside,

    /// <summary>The old ones are aside; the new ones are being put in their place.</summary>
    Placing,
}
