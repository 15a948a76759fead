namespace MeterSync.Host.Verbs.Doctor;

/// <summary>Can the data be written, and by nobody else?</summary>
internal static class DataDirectoryCheck
{
    private const string Check = "data directory";
    private const string DiskCheck = "disk";
    private const long TooLittleMebibytes = 200;
    private const long LittleMebibytes = 1024;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public static IEnumerable<Finding> Run(Patient patient)
    {
        var path = patient.Data.Path;
        if (File.Exists(path))
        {
            yield return Finding.Fail(Check, $"{path} is a file. Give --data a directory.");
            yield break;
        }

        if (!Directory.Exists(path))
        {
            var parent = NearestExisting(path);
            yield return Unwritable(parent) is { } refused
                ? Finding.Fail(Check, $"{path} does not exist and cannot be made: {refused} Make it for the user metersync runs as, or give --data another one.")
                : Finding.Warn(Check, $"{path} does not exist yet; the first start makes it.");
            yield return Disk(parent);
            yield break;
        }

        yield return Unwritable(path) is { } unwritable
            ? Finding.Fail(Check, $"{path} cannot be written: {unwritable} Run metersync as its owner, or: chown -R metersync: {path}")
            : Finding.Ok(Check, $"{path} can be written.");
        if ((File.GetUnixFileMode(path) & Others) != 0)
        {
            yield return Finding.Warn(Check, $"Others on this machine may enter {path}; who reaches the socket in it is MeterSync's operator. Fix: chmod 700 {path}");
        }

        yield return Disk(path);
    }

    private static Finding Disk(string path)
    {
        var free = new DriveInfo(path).AvailableFreeSpace / 1024 / 1024;
        return free switch
        {
            < TooLittleMebibytes => Finding.Fail(DiskCheck, $"Only {free} MiB free at {path}. Make room or move the data directory."),
            < LittleMebibytes => Finding.Warn(DiskCheck, $"Only {free} MiB free at {path}. Make room soon."),
            _ => Finding.Ok(DiskCheck, $"{free} MiB free."),
        };
    }

    private static string? Unwritable(string folder)
    {
        try
        {
            using var probe = new FileStream(Path.Combine(folder, $".metersync-doctor-{Environment.ProcessId}"), new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose });
            probe.WriteByte(0);
            probe.Flush(flushToDisk: true);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    private static string NearestExisting(string path) => Directory.Exists(path) ? path : NearestExisting(Path.GetDirectoryName(path) ?? "/");
}
