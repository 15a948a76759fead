using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;

namespace MeterSync.Browser.Tests.Support;

/// <summary>A reader's phone: Chromium with a profile of its own that outlives the browser, killed or closed.</summary>
public sealed class Phone : IAsyncDisposable
{
    /// <summary>What names of the field app's databases begin with.</summary>
    public const string DatabasePrefix = "metersync-field-";

    private readonly IPlaywright _playwright;
    private readonly Uri _address;
    private readonly FaultyNetwork? _network;
    private readonly PhoneOptions _options;
    private readonly PhoneClock _clock = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentQueue<Uri> _requests = new();
    private IBrowserContext? _context;
    private IPage? _page;
    private ServiceWorkers? _workers;
    private Geolocation? _position;
    private double _slowedBy = 1;
    private ICDPSession? _storage;

    private Phone(IPlaywright playwright, Uri address, FaultyNetwork? network, PhoneOptions options)
    {
        (_playwright, _address, _network, _options, _position) = (playwright, address, network, options, options.Position);
        ProfileFolder = options.ProfileFolder ?? Directory.CreateTempSubdirectory("metersync-phone-").FullName;
    }

    public string ProfileFolder { get; }

    public bool IsOffline { get; private set; }

    /// <summary>The newest page that this class opened.</summary>
    public IPage Page => _page ?? throw new InvalidOperationException("The phone is off.");

    public IBrowserContext Context => _context ?? throw new InvalidOperationException("The phone is off.");

    private ServiceWorkers Workers => _workers ?? throw new InvalidOperationException("The phone is off.");

    /// <summary>Console errors and uncaught exceptions of pages and service workers, over all lives of the browser, oldest first. What a missing network makes the browser say is among them.</summary>
    public IReadOnlyList<string> Errors => [.. _errors];

    /// <summary>Without what the browser itself says of each request that failed or was refused.</summary>
    public IReadOnlyList<string> ErrorsOfTheApp => [.. _errors.Where(error => !error.StartsWith("Failed to load resource:", StringComparison.Ordinal))];

    /// <summary>Addresses that pages asked for over the network.</summary>
    public IReadOnlyList<Uri> NetworkRequests => [.. _requests.Where(address => address.Scheme is "http" or "https" or "ws" or "wss")];

    /// <summary>A phone that talks to the server itself. Without a network, only what Playwright can cut is cut by <see cref="GoOfflineAsync"/>.</summary>
    public static Task<Phone> SwitchOnAsync(IPlaywright playwright, Uri server, PhoneOptions? options = null) => SwitchOnAsync(new Phone(playwright, server, null, options ?? new()));

    /// <summary>A phone behind a network that may fail.</summary>
    public static Task<Phone> SwitchOnAsync(IPlaywright playwright, FaultyNetwork network, PhoneOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        return SwitchOnAsync(new Phone(playwright, network.Address, network, options ?? new()));
    }

    /// <summary>Opens the browser again after <see cref="Kill9Async"/> or <see cref="CloseAsync"/>, with the same profile, offline if it was offline, and a blank page.</summary>
    public async Task ReopenAsync()
    {
        if (_context is not null)
        {
            throw new InvalidOperationException("The phone is on.");
        }

        ServiceWorkers.Forget(ProfileFolder);
        _context = await _playwright.Chromium.LaunchPersistentContextAsync(ProfileFolder, LaunchOptions());
        _context.Console += (_, message) => RememberError(message);
        _context.WebError += (_, error) => _errors.Enqueue(error.Error);
        _context.Request += (_, request) => _requests.Enqueue(new Uri(request.Url));
        _workers = await ServiceWorkers.WatchAsync(ProfileFolder, () => _clock.ScriptOfWorkers, _errors.Enqueue);
        await _context.SetOfflineAsync(IsOffline);
        await _clock.AttachAsync(_context);
        _page = _context.Pages.Count > 0 ? _context.Pages[0] : await _context.NewPageAsync();
        await PrepareAsync(_page);
    }

    /// <summary>Opens another tab, which becomes <see cref="Page"/>.</summary>
    public async Task<IPage> NewTabAsync()
    {
        _page = await Context.NewPageAsync();
        await PrepareAsync(_page);
        return _page;
    }

    /// <summary>Goes to a path of the server, such as <c>/field/</c>.</summary>
    public Task<IResponse?> GotoAsync(string path) => Page.GotoAsync(path);

    /// <summary>No network: pages and service workers hear of it (<c>navigator.onLine</c>, <c>offline</c>), and a <see cref="FaultyNetwork"/> refuses every connection.</summary>
    public async Task GoOfflineAsync()
    {
        IsOffline = true;
        _network?.Vanish();
        await Context.SetOfflineAsync(true);
    }

    public async Task GoOnlineAsync()
    {
        IsOffline = false;
        _network?.Return();
        await Context.SetOfflineAsync(false);
    }

    /// <summary>SIGKILL for the whole browser at once. What it had not written is lost, as are cookies of the last half minute: Chromium writes those every 30 s and when it is closed in order.</summary>
    public async Task Kill9Async()
    {
        var (context, workers) = SwitchOff();
        await BrowserProcesses.KillAsync(ProfileFolder);
        await EndAsync(context, workers);
    }

    /// <summary>Closes the browser in order, with everything written.</summary>
    public async Task CloseAsync()
    {
        var (context, workers) = SwitchOff();
        await EndAsync(context, workers);
    }

    /// <param name="position">Accuracy in metres; null: there is none to be had.</param>
    public async Task MoveToAsync(Geolocation? position)
    {
        _position = position;
        await Context.SetGeolocationAsync(position);
    }

    /// <summary>Lets the origin store so many bytes in all, for as long as the page lives. What <c>navigator.storage.estimate</c> tells stays as it is, and Chromium remembers for half a minute how much was free: to be set
    /// before anything is stored.</summary>
    public async Task LimitStorageAsync(long bytes)
    {
        // The limit goes with the session that set it.
        _storage ??= await Context.NewCDPSessionAsync(Page);
        await _storage.SendAsync("Storage.overrideQuotaForOrigin", new() { ["origin"] = _address.GetLeftPart(UriPartial.Authority), ["quotaSize"] = bytes });
    }

    /// <summary>Stores other things until not even a kilobyte fits.</summary>
    public Task FillStorageAsync() => Page.EvaluateAsync(LocalDatabases.Fill);

    /// <summary>Takes away what <see cref="FillStorageAsync"/> stored.</summary>
    public Task EmptyStorageAsync() => Page.EvaluateAsync(LocalDatabases.Empty);

    /// <summary>Lets something be done that saves a file, and reads it.</summary>
    public async Task<byte[]> SavedFileAsync(Func<Task> action)
    {
        var download = await Page.RunAndWaitForDownloadAsync(action);
        return await File.ReadAllBytesAsync(await download.PathAsync());
    }

    /// <summary>Slows the main threads of the pages down; 6 is a mid-range phone, 1 this machine. Workers are not slowed.</summary>
    public async Task SlowDownAsync(double times)
    {
        _slowedBy = times;
        foreach (var page in Context.Pages)
        {
            await SlowDownAsync(page, times);
        }
    }

    /// <summary>Sets the wall clock off by so much from the true time, until it is set again. Zero puts it right.</summary>
    public async Task SetClockOffAsync(TimeSpan shift)
    {
        await _clock.SetAsync(Context, shift);
        await InServiceWorkersAsync(_clock.ScriptOfWorkers!);
    }

    /// <summary>Waits until a service worker runs, with the phone's clock. In its first milliseconds one may see the true time.</summary>
    public Task ServiceWorkerSeenAsync() => Workers.SeenAsync();

    /// <summary>Evaluates an expression in every running service worker, awaiting a promise.</summary>
    /// <returns>The values.</returns>
    public Task<IReadOnlyList<JsonElement>> InServiceWorkersAsync(string expression) => Workers.EvaluateAsync(expression);

    /// <summary>The rows of a store of the field app, read from outside of it (docs of <c>records.ts</c>).</summary>
    /// <returns>Their values; of a Blob <c>{ blob, size }</c>.</returns>
    public async Task<IReadOnlyList<JsonElement>> StoredAsync(string store) =>
        [.. (await LocalDatabases.RowsAsync(Page, DatabasePrefix, store)).Select(row => row.GetProperty("value"))];

    /// <summary>How many items of the outbox (or photos) are in a state, such as <c>waiting</c>; cheap enough to ask often.</summary>
    public Task<int> CountAsync(string store, string state) => LocalDatabases.CountAsync(Page, DatabasePrefix, store, "state", state);

    /// <summary>Names of the field app's databases on this phone, one a person.</summary>
    public Task<string[]> DatabasesAsync() => LocalDatabases.NamesAsync(Page, DatabasePrefix);

    public async ValueTask DisposeAsync()
    {
        if (_context is not null)
        {
            await CloseAsync();
        }

        if (_options.ProfileFolder is null)
        {
            Directory.Delete(ProfileFolder, recursive: true);
        }
    }

    private static async Task<Phone> SwitchOnAsync(Phone phone)
    {
        try
        {
            await phone.ReopenAsync();
            return phone;
        }
        catch
        {
            await phone.DisposeAsync();
            throw;
        }
    }

    private BrowserTypeLaunchPersistentContextOptions LaunchOptions() => new()
    {
        ExecutablePath = ChromiumProgram.Path,
        Headless = true,
        Args =
        [
            .. ChromiumProgram.Arguments,
            "--remote-debugging-port=0", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
            .. _options.CameraFile is { } file ? [$"--use-file-for-fake-video-capture={file}"] : (string[])[],
            .. _options.Arguments,
        ],
        BaseURL = _address.OriginalString,
        ViewportSize = new() { Width = _options.Width, Height = _options.Height },
        ScreenSize = new() { Width = _options.Width, Height = _options.Height },
        DeviceScaleFactor = _options.DevicePixels,
        IsMobile = true,
        HasTouch = true,
        Locale = _options.Locale,
        TimezoneId = _options.TimeZone,
        ColorScheme = _options.ColorScheme,
        Geolocation = _position,
        Permissions = _options.Position is null ? ["camera"] : ["camera", "geolocation"],
        ServiceWorkers = ServiceWorkerPolicy.Allow,
        AcceptDownloads = true,
    };

    private async Task PrepareAsync(IPage page)
    {
        if (_slowedBy > 1)
        {
            await SlowDownAsync(page, _slowedBy);
        }
    }

    private async Task SlowDownAsync(IPage page, double times)
    {
        var session = await Context.NewCDPSessionAsync(page);
        await session.SendAsync("Emulation.setCPUThrottlingRate", new() { ["rate"] = times });
    }

    private void RememberError(IConsoleMessage message)
    {
        if (message.Type == "error")
        {
            _errors.Enqueue($"{message.Text} ({message.Location})");
        }
    }

    private (IBrowserContext Context, ServiceWorkers? Workers) SwitchOff()
    {
        var was = (Context, _workers);
        (_context, _page, _workers, _storage) = (null, null, null, null);
        return was;
    }

    private static async Task EndAsync(IBrowserContext context, ServiceWorkers? workers)
    {
        if (workers is not null)
        {
            await workers.DisposeAsync();
        }

        try
        {
            await context.CloseAsync();
        }
        catch (PlaywrightException gone) when (gone.Message.Contains("closed", StringComparison.Ordinal))
        {
            return; // there is nobody left to close
        }
    }
}
