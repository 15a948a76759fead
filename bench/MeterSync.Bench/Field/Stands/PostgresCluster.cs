using System.Diagnostics;
using Npgsql;

namespace MeterSync.Bench.Field.Stands;

/// <summary>A PostgreSQL of our own that may be killed. fsync is on, as where it matters.</summary>
internal sealed class PostgresCluster : IDisposable
{
    private static readonly Dictionary<string, string> s_noEnvironment = [];
    private readonly string _programs;
    private readonly string _folder;
    private readonly int _port = FreePort.Find();
    private ChildProcess? _postmaster;

    public PostgresCluster(string folder)
    {
        _programs = Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "postgres"))).Order().LastOrDefault()
            ?? throw new BenchFailedException("PostgreSQL is not installed: apt-get install postgresql postgresql-15-postgis-3");
        _folder = folder;
        Directory.CreateDirectory(folder);
        if (Environment.IsPrivilegedProcess)
            ChildProcess.Run(["chown", "postgres:postgres", folder]);
        ChildProcess.Run([.. AsPostgres, Path.Combine(_programs, "initdb"), "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
        Start();
    }

    public int ProcessId => _postmaster!.Id;

    private string Data => Path.Combine(_folder, "data");

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static string[] AsPostgres => Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] : [];

    public string ConnectionOf(string database, int mostConnections = 16) => $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database};Maximum Pool Size={mostConnections}";

    public void Start()
    {
        var log = Path.Combine(_folder, "postgres.log");
        _postmaster = ChildProcess.Start(
            [.. AsPostgres, Path.Combine(_programs, "postgres"), "-D", Data, "-c", "listen_addresses=127.0.0.1", "-c", $"port={_port}", "-c", "unix_socket_directories=", "-c", "max_connections=100", "-c", "shared_buffers=256MB"],
            s_noEnvironment,
            log);
        var started = Stopwatch.GetTimestamp();
        while (!Answers())
        {
            if (_postmaster.HasExited)
            {
                // Children of a killed postmaster hold its memory for a moment.
                _postmaster.Dispose();
                if (Stopwatch.GetElapsedTime(started).TotalSeconds > 30)
                    throw new BenchFailedException($"PostgreSQL does not start; see {log}.");
                Thread.Sleep(200);
                Start();
                return;
            }
            if (Stopwatch.GetElapsedTime(started).TotalSeconds > 60)
                throw new BenchFailedException($"PostgreSQL does not answer; see {log}.");
            Thread.Sleep(50);
        }
    }

    public void Kill() => _postmaster!.Kill();

    /// <param name="template">Copied; null makes an empty one.</param>
    public void CreateDatabase(string name, string? template = null) => Run($"create database {name}{(template is null ? "" : $" template {template}")}");

    public void DropDatabase(string name) => Run($"drop database if exists {name} with (force)");

    public void Dispose()
    {
        _postmaster?.Interrupt();
        _postmaster?.Dispose();
    }

    private bool Answers()
    {
        try
        {
            Run("select 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false; // not yet, or recovering
        }
    }

    private void Run(string statement)
    {
        using var connection = new NpgsqlConnection(ConnectionOf("postgres") + ";Pooling=false;Timeout=3");
        connection.Open();
        using var command = new NpgsqlCommand(statement, connection);
        command.ExecuteNonQuery();
    }
}
