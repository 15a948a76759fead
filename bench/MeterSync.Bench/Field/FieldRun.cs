using System.Diagnostics;
using System.Globalization;
using MeterSync.Bench.Field.Faults;
using MeterSync.Bench.Field.Phones;
using MeterSync.Bench.Field.Stands;

namespace MeterSync.Bench.Field;

/// <param name="Photos">Of all phones together.</param>
/// <param name="PhotoBytes">Of a photo, on average.</param>
/// <param name="Cut">Share of answers that are cut.</param>
/// <param name="MostSeconds">Phones that are not done by then make the run fail.</param>
internal sealed record FieldSize(int Photos, int PhotoBytes, double Cut, int Seed, int MostSeconds)
{
    /// <summary>Items that must be refused, of each phone.</summary>
    public const int BadEach = 2;
}

/// <summary>All phones through the proxy until everything is said, while a script kills and restores; then the ledger.</summary>
internal sealed class FieldRun(ServerStand stand, FieldFleet fleet, string folder, FieldSize size)
{
    public Ledger Ledger { get; } = new();

    public FaultCounts Faults { get; private set; } = new();

    public double Seconds { get; private set; }

    /// <param name="script">Runs beside the phones; they finish after it has ended.</param>
    public async Task RunAsync(Func<Task> script)
    {
        await using var proxy = new FaultProxy(stand.Address, new SeededFaults(size.Seed, size.Cut));
        Faults = proxy.Counts;
        var photos = Enumerable.Range(0, fleet.Agents.Count).Select(number => (size.Photos * (number + 1) / fleet.Agents.Count) - (size.Photos * number / fleet.Agents.Count)).ToArray();
        List<Phone> phones = [.. fleet.Agents.Select((_, number) => new Phone(
            fleet.PlanOf(number, photos[number], FieldSize.BadEach, size.PhotoBytes, size.Seed), proxy.Address, stand.Port, Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"phone-{number:000}")), Ledger))];
        var started = Stopwatch.GetTimestamp();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(size.MostSeconds));
        var released = script();
        try
        {
            await Task.WhenAll([released, .. phones.Select(phone => Task.Run(() => phone.RunAsync(released, deadline.Token)))]);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            foreach (var phone in phones)
                Ledger.Fault($"{phone.DeviceId} was not done after {size.MostSeconds} s: {phone.Outbox.Created} captured, {phone.Outbox.Unsent} without a receipt, {phone.Outbox.PhotosLeft} photos to bring.");
        }
        Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (stand.IsRunning)
            await new LedgerCheck(stand.SignIn(), stand.Address, Ledger).RunAsync(phones, CancellationToken.None);
        foreach (var phone in phones)
        {
            Ledger.Count("items sent", phone.Outbox.Sendings);
            await phone.DisposeAsync();
        }
    }

    /// <summary>Rows of a result, one fact each.</summary>
    public IEnumerable<Dictionary<string, object?>> Facts()
    {
        yield return Fact("seconds", Seconds);
        yield return Fact("connections", Faults.Connections);
        yield return Fact("requests", Faults.Requests);
        yield return Fact("requests cut", Faults.RequestsCut);
        yield return Fact("answers cut", Faults.AnswersCut);
        yield return Fact("  of these lost whole", Faults.AnswersLost);
        yield return Fact("requests delivered twice", Faults.Doubled);
        yield return Fact("requests held back", Faults.Held);
        yield return Fact("server not reached or gone", Faults.ServerGone);
        yield return Fact("bytes sent", Faults.BytesUp);
        if (Ledger.Of("bytes of photos") is > 0 and var photoBytes)
            yield return Fact("bytes sent for photos / bytes of photos", Faults.PhotoBytesUp / (double)photoBytes);
        foreach (var (what, count) in Ledger.Counts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            yield return Fact(what, count);
    }

    private static Dictionary<string, object?> Fact(string what, object value) => new() { ["what"] = what, ["value"] = value };
}
