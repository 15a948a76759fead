using System.Globalization;
using Microsoft.Playwright;

namespace MeterSync.Browser.Tests.Support;

/// <summary>The field app on a phone, as its reader uses it: by what stands on the screen, in English.</summary>
public sealed class FieldApp(Phone phone)
{
    /// <summary>Address of the app below the server's.</summary>
    public const string Home = "/field/";

    public Phone Phone => phone;

    private IPage Page => phone.Page;

    /// <summary>Opens the app and signs somebody in; the round and all of the app are on the phone when this is over.</summary>
    public async Task SignInAsync(FieldAgent agent)
    {
        ArgumentNullException.ThrowIfNull(agent);
        await phone.GotoAsync(Home);
        await TypeCredentialsAsync(agent.Username, agent.Password);
        await RouteSeenAsync();
        // Until then parts that are loaded when they are needed still come over the network.
        await Page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => true)");
    }

    /// <summary>Fills in the form that stands there, and sends it.</summary>
    public async Task TypeCredentialsAsync(string username, string password)
    {
        await Page.GetByLabel("User name or email").FillAsync(username);
        await Page.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    /// <summary>Waits until the list of stops stands there.</summary>
    public Task RouteSeenAsync() => Page.GetByRole(AriaRole.Heading, new() { Name = "My route" }).WaitForAsync()
        .ContinueWith(_ => Page.GetByText(" left", new() { Exact = false }).Or(Page.GetByText("All done")).First.WaitForAsync(new() { Timeout = 60_000 }), TaskScheduler.Default).Unwrap();

    /// <summary>Opens the app again after the browser was away. A killed browser may have lost the sign-in with its newest cookies: then the reader signs in once more.</summary>
    public async Task ComeBackAsync(FieldAgent agent)
    {
        ArgumentNullException.ThrowIfNull(agent);
        await phone.GotoAsync(Home);
        await RouteSeenAsync();
        await SignInAgainAsync(agent);
    }

    /// <summary>Signs in where the bar asks for it, and does nothing else where it does not.</summary>
    public async Task SignInAgainAsync(FieldAgent agent)
    {
        ArgumentNullException.ThrowIfNull(agent);
        await Page.WaitForFunctionAsync("() => !/Opening/.test(document.querySelector('.ms-sync')?.textContent ?? 'Opening')");
        await Page.WaitForTimeoutAsync(1_500);
        // Where the office ended the sign-in there is no bar: nothing is shown but that.
        var isShutOut = await Page.GetByText("This phone was shut out by the office").IsVisibleAsync();
        if (!isShutOut && (phone.IsOffline || !(await BarAsync()).Contains("Signed out", StringComparison.Ordinal)))
        {
            return;
        }

        await ShowAsync("/sign-in");
        await Page.GetByLabel("Password", new() { Exact = true }).FillAsync(agent.Password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await RouteSeenAsync();
    }

    /// <summary>Goes to a screen of the app without loading the page anew.</summary>
    /// <param name="path">Below /field, such as <c>/queue</c>.</param>
    public Task ShowAsync(string path) => Page.EvaluateAsync("(path) => history.pushState(null, '', '/field' + path)", path);

    /// <summary>Opens the reading of a meter.</summary>
    public async Task OpenAsync(SceneMeter meter)
    {
        ArgumentNullException.ThrowIfNull(meter);
        await ShowAsync($"/meter/{meter.Id}");
        await Page.GetByLabel("Type the value").First.WaitForAsync();
    }

    /// <summary>Taps the keys of the counter.</summary>
    /// <param name="meter">Whose drums are filled; leading zeros are typed as well.</param>
    /// <param name="value">With a point where the meter has decimals.</param>
    public async Task TypeAsync(SceneMeter meter, string value)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(value);
        var parts = value.Split('.');
        var keys = meter.Digits is { } digits
            ? parts[0].PadLeft(digits, '0') + (parts.Length > 1 ? parts[1] : "").PadRight(meter.Decimals, '0')
            : value;
        await Page.Keyboard.TypeAsync(keys);
    }

    /// <summary>Taps Save, and waits until the phone says that it is kept.</summary>
    public async Task SaveAsync()
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Page.GetByRole(AriaRole.Heading, new() { Name = "My route" }).WaitForAsync();
    }

    /// <summary>Reads all registers of a meter as usual; leaves the reading kept on the phone.</summary>
    /// <param name="photo">A JPEG to take with it.</param>
    public async Task ReadAsync(FieldScene scene, SceneMeter meter, byte[]? photo = null)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(meter);
        await OpenAsync(meter);
        if (photo is not null)
        {
            await AddPhotoAsync(photo);
        }

        for (var register = 0; register < meter.Labels.Count; register++)
        {
            await TypeAsync(meter, scene.TypedNow(meter, register));
            if (register < meter.Labels.Count - 1)
            {
                await Page.GetByRole(AriaRole.Button, new() { Name = "Next register" }).ClickAsync();
            }
        }

        await SaveAsync();
    }

    /// <summary>Chooses a photo from the gallery of the phone; it is stored when this is over.</summary>
    public async Task AddPhotoAsync(byte[] jpeg)
    {
        var before = await Page.Locator(".ms-thumb").CountAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Take a photo" }).ClickAsync();
        var chooser = await Page.RunAndWaitForFileChooserAsync(() => Page.GetByRole(AriaRole.Button, new() { Name = "From the gallery" }).ClickAsync());
        await chooser.SetFilesAsync(new FilePayload { Name = "meter.jpg", MimeType = "image/jpeg", Buffer = jpeg });
        await Page.Locator(".ms-thumb").Nth(before).WaitForAsync(new() { Timeout = 60_000 });
    }

    /// <summary>Skips a meter with a reason as its tile is called.</summary>
    public async Task SkipAsync(SceneMeter meter, string reason, string? note = null, byte[]? photo = null)
    {
        ArgumentNullException.ThrowIfNull(reason);
        await OpenAsync(meter);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Skip", Exact = true }).ClickAsync();
        var sheet = Page.GetByRole(AriaRole.Dialog);
        await sheet.GetByText(reason, new() { Exact = true }).ClickAsync();
        if (note is not null)
        {
            await sheet.GetByLabel("Note").FillAsync(note);
        }

        if (photo is not null)
        {
            await AddPhotoAsync(photo);
        }

        await sheet.GetByRole(AriaRole.Button, new() { Name = $"Skip: {reason}" }).ClickAsync();
        await Page.GetByRole(AriaRole.Heading, new() { Name = "My route" }).WaitForAsync();
    }

    /// <summary>What the bar at the top says.</summary>
    public Task<string> BarAsync() => Page.Locator(".ms-sync").First.InnerTextAsync();

    /// <summary>Sends what waits at once, and waits until the office has all of it, photos too.</summary>
    public async Task AllSafeAsync(double seconds = 60)
    {
        await SendNowAsync();
        await NothingWaitsAsync(seconds);
    }

    /// <summary>Asks the app to send now, whatever pause it makes after a failure.</summary>
    public async Task SendNowAsync()
    {
        await ShowAsync("/queue");
        await Page.GetByRole(AriaRole.Heading, new() { Name = "Queue" }).First.WaitForAsync();
        await Page.GetByRole(AriaRole.Main).WaitForAsync();
        await Page.Locator("header").GetByRole(AriaRole.Button, new() { Name = "More", Exact = true }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Send now" }).ClickAsync();
    }

    /// <summary>Saves everything unsent to a file, as the queue's menu offers.</summary>
    public async Task<byte[]> SaveToFileAsync()
    {
        await ShowAsync("/queue");
        await Page.Locator("header").GetByRole(AriaRole.Button, new() { Name = "More", Exact = true }).ClickAsync();
        return await phone.SavedFileAsync(() => Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Save everything unsent to a file" }).ClickAsync());
    }

    /// <summary>Waits until nothing on the phone waits to be sent.</summary>
    public async Task NothingWaitsAsync(double seconds = 60)
    {
        var until = TimeProvider.System.GetUtcNow().AddSeconds(seconds);
        while (await phone.CountAsync("outbox", "waiting") + await phone.CountAsync("photos", "waiting") > 0)
        {
            if (TimeProvider.System.GetUtcNow() > until)
            {
                var bar = await BarAsync();
                throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"After {seconds} s things wait still. The bar: {bar}"));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>Where pictures of screens go that people look at: the folder named by METERSYNC_TEST_PICTURES; without it none are kept.</summary>
    public async Task PictureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("METERSYNC_TEST_PICTURES") is { Length: > 0 } folder)
        {
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), Animations = ScreenshotAnimations.Disabled });
        }
    }
}
