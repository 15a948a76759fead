using System.Security.Cryptography;

namespace MeterSync.Bench.Field.Phones;

/// <summary>What one phone has to do.</summary>
/// <param name="Meters">One reading of each.</param>
/// <param name="Photos">How many of the readings have one.</param>
/// <param name="Bad">How many items name a meter that does not exist.</param>
internal sealed record PhonePlan(int Number, string UserName, string Password, IReadOnlyList<FieldMeter> Meters, int Photos, int Bad, int PhotoBytes, int Seed);

internal sealed record FieldMeter(string Id, decimal Value);

/// <summary>An agent with a phone: reads meters, sends when there is a network, is killed and started again, until all is said and acknowledged.</summary>
internal sealed class Phone : IAsyncDisposable
{
    private const int MostInBatch = 250;

    /// <summary>After a call without an answer.</summary>
    private const int MostPauseMilliseconds = 400;
    private static readonly BatchSpelling[] s_spellings = Enum.GetValues<BatchSpelling>();

    private readonly PhonePlan _plan;
    private readonly string _folder;
    private readonly Random _random;
    private readonly PhoneClock _clock;
    private readonly PhoneWire _wire;
    private readonly Ledger _ledger;
    private readonly HashSet<int> _withPhoto;
    private Outbox _outbox;
    private SyncCalls _calls;

    public Phone(PhonePlan plan, Uri proxy, int serverPort, string folder, Ledger ledger)
    {
        (_plan, _folder, _ledger) = (plan, folder, ledger);
        Directory.CreateDirectory(folder);
        _random = new Random(plan.Seed);
        _clock = new PhoneClock(_random);
        _wire = new PhoneWire(proxy, serverPort, plan.UserName, plan.Password);
        var order = Enumerable.Range(0, plan.Meters.Count).ToArray();
        _random.Shuffle(order);
        _withPhoto = [.. order.Take(plan.Photos)];
        (_outbox, _calls) = Start();
    }

    public string DeviceId => $"phone-{_plan.Number:000}";

    public PhonePlan Plan => _plan;

    public Outbox Outbox => _outbox;

    private bool IsAllCaptured => _outbox.Created == _plan.Meters.Count + _plan.Bad;

    /// <summary>Works until everything is captured, acknowledged in the server's epoch and fetched, at least once after <paramref name="released"/> is done.</summary>
    /// <param name="released">Done when nothing will be killed or restored any more.</param>
    public async Task RunAsync(Task released, CancellationToken cancellationToken)
    {
        while (true)
        {
            var wasReleased = released.IsCompleted;
            var isPulled = await ActAsync(cancellationToken);
            if (wasReleased && isPulled && IsAllCaptured && _outbox.Unsent == 0 && _outbox.PhotosLeft == 0)
                return;
            await Task.Delay(_random.Next(5, 60), cancellationToken);
        }
    }

    public ValueTask DisposeAsync()
    {
        _outbox.Dispose();
        _wire.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <returns>Whether it learnt what the server has, and so in which epoch it is.</returns>
    private async Task<bool> ActAsync(CancellationToken cancellationToken)
    {
        switch (_random.Next(100))
        {
            case < 1:
                _clock.Jump();
                break;
            case < 2:
                _clock.Restart();
                Restart();
                break;
            default:
                break;
        }
        if (!IsAllCaptured)
            Capture(_random.Next(1, 40));

        // A share of what the app does ends in the middle: it is killed by the system, by a battery, by a thumb.
        using var life = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var isKilled = _random.Next(100) < 7;
        if (isKilled)
            life.CancelAfter(_random.Next(1, 250));
        try
        {
            await SendAsync(life.Token);
            return await _calls.PullAsync(life.Token);
        }
        catch (OperationCanceledException) when (isKilled && !cancellationToken.IsCancellationRequested)
        {
            _ledger.Count("apps killed");
            Restart();
        }
        catch (NoAnswerException silence)
        {
            _ledger.Count(silence.Kind);
            await Task.Delay(_random.Next(MostPauseMilliseconds), cancellationToken);
        }
        return false;
    }

    private void Capture(int most)
    {
        var (items, photos) = (new List<FrozenItem>(), new List<OutboxPhoto>());
        for (var index = _outbox.Created; items.Count < most && index < _plan.Meters.Count + _plan.Bad; index++)
        {
            if (index >= _plan.Meters.Count)
            {
                items.Add(FieldItems.Reading(Guid.CreateVersion7().ToString(), 1, null, [], _clock, withTimestamp: false, isBad: true));
                continue;
            }
            var meter = _plan.Meters[index];
            var picture = _withPhoto.Contains(index) ? TakePhoto(index) : null;
            var item = FieldItems.Reading(meter.Id, meter.Value, _random.Next(4) == 0 ? $"Read {index} by {_plan.UserName}" : null, picture is null ? [] : [picture.Sha256], _clock, _random.Next(2) == 0);
            items.Add(item);
            if (picture is not null)
                photos.Add(picture with { ClientId = item.ClientId });
        }
        _outbox.Freeze(items, photos);
    }

    private OutboxPhoto TakePhoto(int index)
    {
        var bytes = FieldPhoto.Make(_random.Next(), Math.Max(4096, _random.Next(_plan.PhotoBytes / 2, _plan.PhotoBytes * 3 / 2)));
        var path = Path.Combine(_folder, $"photo-{index}.jpg");
        using (var file = new FileStream(path, FileMode.Create))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        return new(Convert.ToHexStringLower(SHA256.HashData(bytes)), default, path, bytes.Length, null, null, null, null, null);
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        var isPhotoFirst = _random.Next(4) == 0;
        if (isPhotoFirst)
            await SendPhotosAsync(1, cancellationToken);
        var batches = new List<Task>();
        var size = _random.Next(1, MostInBatch);
        for (var line = _random.Next(1, 4); line > 0; line--)
        {
            if (_outbox.TakeUnsent(size, batches.Count * size) is { Count: > 0 } items)
                batches.Add(_calls.PushAsync(items, s_spellings[_random.Next(s_spellings.Length)], cancellationToken));
        }
        if (_random.Next(20) == 0 && _outbox.TakeAcknowledged(_random.Next(1, 50), _random.Next(0, 100)) is { Count: > 0 } again)
            batches.Add(_calls.PushAsync(again, BatchSpelling.JsonGzip, cancellationToken));
        await Task.WhenAll(batches);
        await SendPhotosAsync(_random.Next(1, 6), cancellationToken);
    }

    private async Task SendPhotosAsync(int most, CancellationToken cancellationToken)
    {
        var upload = new PhotoUpload(_wire, _outbox, _ledger, _random.Next(32, 512) * 1024);
        foreach (var photo in _outbox.Photos(onlyLeft: true).Take(most))
            await upload.RunAsync(photo, _random.Next(5) == 0, cancellationToken);
    }

    private (Outbox Outbox, SyncCalls Calls) Start()
    {
        var outbox = new Outbox(Path.Combine(_folder, "outbox.db"));
        return (outbox, new SyncCalls(_wire, outbox, _clock, _ledger, DeviceId));
    }

    /// <summary>All that is left of the app is what it had made durable.</summary>
    private void Restart()
    {
        _outbox.Dispose();
        _wire.Forget();
        (_outbox, _calls) = Start();
    }
}
