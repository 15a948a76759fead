using System.Diagnostics.CodeAnalysis;

namespace MeterSync.Bench.Field.Stands;

/// <summary>What a run stands on: the database and the storage that were asked for, in a temporary folder that goes away with it.</summary>
/// <remarks>Options: <c>--database sqlite|postgres</c>, <c>--storage disk|s3</c>, <c>--metersync</c> the published server, <c>--keep</c> a folder that stays. For S3: <c>--s3 endpoint,bucket,access key,secret key</c>
/// of a running one, and, where it may be killed, <c>--s3-pid</c>, a file with its process id, and <c>--s3-start</c>, a command that starts it again and writes that file anew.</remarks>
internal sealed class FieldGround : IDisposable
{
    private readonly Options _options;
    private readonly bool _isKept;

    public FieldGround(Options options)
    {
        _options = options;
        _isKept = options.Find("keep") is not null;
        Folder = options.Find("keep") ?? Directory.CreateTempSubdirectory("metersync-field.").FullName;
        Directory.CreateDirectory(Folder);
        // PostgreSQL runs as a user of its own and must reach its folder.
        File.SetUnixFileMode(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        IsPostgres = Choice("database", "sqlite", "postgres") == "postgres";
        IsS3 = Choice("storage", "disk", "s3") == "s3";
        Program = Path.GetFullPath(options.Find("metersync") ?? "out/metersync");
        if (!File.Exists(Program))
            throw new BenchFailedException($"There is no {Program}: build it first (bash run.sh builds it), or name it with --metersync.");
        if (IsPostgres)
            Postgres = new PostgresCluster(Path.Combine(Folder, "postgres"));
    }

    public string Folder { get; }

    [MemberNotNullWhen(true, nameof(Postgres))]
    public bool IsPostgres { get; }

    public PostgresCluster? Postgres { get; }

    public bool IsS3 { get; }

    public bool CanKillS3 => IsS3 && _options.Find("s3-pid") is not null && _options.Find("s3-start") is not null;

    public string Program { get; }

    /// <param name="database">Of PostgreSQL; must exist.</param>
    /// <param name="prefix">Keeps the objects of one stand apart from those of others in the bucket.</param>
    public ServerStand Stand(string folder, string database, string prefix)
    {
        Directory.CreateDirectory(folder);
        var environment = new Dictionary<string, string>();
        if (IsPostgres)
        {
            environment["METERSYNC__Database__Provider"] = "postgres";
            environment["METERSYNC__Database__ConnectionString"] = Postgres.ConnectionOf(database);
        }
        if (IsS3)
        {
            var parts = _options.Text("s3").Split(',');
            environment["METERSYNC__Storage__Kind"] = "s3";
            environment["METERSYNC__Storage__S3__Endpoint"] = parts[0];
            environment["METERSYNC__Storage__S3__Bucket"] = parts[1];
            environment["METERSYNC__Storage__S3__AccessKey"] = parts[2];
            environment["METERSYNC__Storage__S3__SecretKey"] = parts[3];
            environment["METERSYNC__Storage__S3__PathStyle"] = "true";
            environment["METERSYNC__Storage__S3__Prefix"] = prefix;
        }
        return new ServerStand(Program, folder, environment);
    }

    /// <summary>Kills the storage and starts it again.</summary>
    public void BounceS3(int milliseconds)
    {
        ChildProcess.Run(["kill", "-KILL", File.ReadAllText(_options.Text("s3-pid")).Trim()]);
        Thread.Sleep(milliseconds);
        ChildProcess.Run(["/bin/sh", "-c", _options.Text("s3-start")]);
    }

    public void Dispose()
    {
        Postgres?.Dispose();
        if (!_isKept)
            Directory.Delete(Folder, recursive: true);
    }

    private string Choice(string name, string first, string second) =>
        _options.Find(name) is not { } word ? first : word == first || word == second ? word : throw new BenchFailedException($"--{name} is {first} or {second}, not '{word}'.");
}
