using System.Diagnostics;
using System.Text;
using MeterSync.Bench.Http;
using MeterSync.Bench.Machine;

namespace MeterSync.Bench.Load;

/// <summary>One measured run: N connections, each with one request under way at a time, until the time is up or the requests are used up.</summary>
/// <param name="Seconds">From the first request to the last answer.</param>
/// <param name="ServerCpuSeconds">User and system time of the server's process tree.</param>
/// <param name="DatabaseCpuSeconds">User and system time of PostgreSQL's process tree.</param>
/// <param name="DriverCpuSeconds">User and system time of this driver.</param>
/// <param name="OtherCpuSeconds">What everything else on the machine used meanwhile: much of it spoils the run.</param>
/// <param name="Milliseconds">Latencies by kind of call, sorted.</param>
/// <param name="WrongVerdicts">Submitted readings whose state was not the expected one.</param>
internal sealed record LoadRun(
    double Seconds, double ServerCpuSeconds, double DatabaseCpuSeconds, double DriverCpuSeconds, double OtherCpuSeconds, double[][] Milliseconds, int WrongVerdicts)
{
    public int Requests => Milliseconds.Sum(kind => kind.Length);

    public double PerSecond => Requests / Seconds;

    /// <param name="target">The server, signed in.</param>
    /// <param name="requests">Taken in turn; from the start again when <paramref name="seconds"/> is given.</param>
    /// <param name="kinds">Number of kinds of call in the mix.</param>
    /// <param name="connections">Connections, each on a thread of its own.</param>
    /// <param name="seconds">Length of the run; null sends every request once.</param>
    /// <param name="databaseProcessId">Root of PostgreSQL's process tree.</param>
    public static LoadRun Measure(Target target, PreparedRequest[] requests, int kinds, int connections, double? seconds, int databaseProcessId)
    {
        var workers = Enumerable.Range(0, connections).Select(i => new Worker(target.AddressFor(i), kinds)).ToArray();
        var next = -1;
        using var gate = new ManualResetEventSlim();
        var deadline = long.MaxValue;
        var threads = Array.ConvertAll(workers, worker => new Thread(() =>
        {
            gate.Wait();
            worker.Work(requests, () => Interlocked.Increment(ref next), seconds is not null, () => Volatile.Read(ref deadline));
        }));
        Array.ForEach(threads, t => t.Start());

        var serverCpu = target.CpuSeconds;
        var databaseCpu = ProcessTree.CpuSeconds(databaseProcessId);
        var machine = MachineFacts.BusySeconds();
        var driverCpu = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        if (seconds is { } length)
            deadline = started + (long)(length * Stopwatch.Frequency);
        gate.Set();
        Array.ForEach(threads, t => t.Join());
        var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        driverCpu = Environment.CpuUsage.TotalTime - driverCpu;
        serverCpu = target.CpuSeconds - serverCpu;
        databaseCpu = ProcessTree.CpuSeconds(databaseProcessId) - databaseCpu;

        var other = Math.Max(0, MachineFacts.BusySeconds() - machine - serverCpu - databaseCpu - driverCpu.TotalSeconds);

        if (workers.Select(w => w.Failure).FirstOrDefault(f => f is not null) is { } failure)
            throw new BenchFailedException($"{target.Name}: {failure}");
        var latencies = Enumerable.Range(0, kinds).Select(kind => workers.SelectMany(w => w.Milliseconds[kind]).Order().ToArray()).ToArray();
        return new(elapsed, serverCpu, databaseCpu, driverCpu.TotalSeconds, other, latencies, workers.Sum(w => w.WrongVerdicts));
    }

    /// <param name="share">0.95 for the 95th percentile.</param>
    public double Percentile(double share) => Percentile([.. Milliseconds.SelectMany(m => m).Order()], share);

    public static double Percentile(double[] sorted, double share) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];

    private sealed class Worker(Uri address, int kinds)
    {
        public List<double>[] Milliseconds { get; } = [.. Enumerable.Range(0, kinds).Select(_ => new List<double>(1 << 14))];

        public int WrongVerdicts { get; private set; }

        public string? Failure { get; private set; }

        public void Work(PreparedRequest[] requests, Func<int> next, bool around, Func<long> deadline)
        {
            try
            {
                using var connection = new HttpConnection(address);
                int turn;
                while ((turn = next()) < requests.Length || around)
                {
                    if (Stopwatch.GetTimestamp() >= deadline())
                        return;
                    if (!Send(connection, in requests[turn % requests.Length]))
                        return;
                }
            }
            catch (Exception broken) when (broken is BenchFailedException or System.Net.Sockets.SocketException)
            {
                Failure = broken.Message;
            }
        }

        private bool Send(HttpConnection connection, in PreparedRequest request)
        {
            var sent = Stopwatch.GetTimestamp();
            var status = connection.Exchange(request.Bytes, out var body);
            Milliseconds[request.Kind].Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            if (status is < 200 or > 299)
            {
                Failure = $"status {status}: {Encoding.UTF8.GetString(body[..Math.Min(body.Length, 400)])}";
                return false;
            }
            if (request.ExpectedTotal < 0 && request.ExpectHeld != body.IndexOf("\"held\""u8) >= 0)
                WrongVerdicts++;
            return true;
        }
    }
}
