using System.Globalization;
using MeterSync.Browser.Tests.Support;
using Microsoft.Playwright;

namespace MeterSync.Browser.Tests;

/// <summary>The field app in each language on the smallest phone, with text as the phone has it and twice as large: every text is there, none is cut at an edge. Found by structure, not by words.</summary>
public sealed class FieldLanguagesTests(Browsing browsing, FieldServer server) : IClassFixture<FieldServer>
{
    /// <summary>Names of texts instead of texts, and parameters that nobody filled in.</summary>
    private const string Unsaid = @"() => document.body.innerText.match(/\b(?:app|capture|common|found|map|metering|more|queue|reading|route|sync|units)\.[a-z_]{3,}\b|\{[a-z_]+\}/g) ?? []";

    /// <summary>Texts that run over the screen, their button or what clips them, sideways or below; what scrolls sideways may.</summary>
    private const string Cut = """
        () => {
          const cut = [...document.querySelectorAll("dialog[open]")].filter((sheet) => sheet.scrollTop > 0).map((sheet) => sheet.querySelector("h2").textContent);
          const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (words.nextNode()) {
            const text = words.currentNode.data.trim();
            const holder = words.currentNode.parentElement;
            if (text === "" || holder.closest(".ms-hidden, .ms-tabs, script, style") !== null || !holder.checkVisibility()) continue;
            const range = document.createRange();
            range.selectNodeContents(words.currentNode);
            const seen = range.getBoundingClientRect();
            let [left, right] = [0, innerWidth];
            for (let box = holder; box !== null; box = box.parentElement) {
              const style = getComputedStyle(box);
              if (style.display === "inline" || (style.overflowX === "visible" && !box.matches("button, a, dialog, .ms-card"))) continue;
              const bounds = box.getBoundingClientRect();
              [left, right] = [Math.max(left, bounds.left), Math.min(right, bounds.right)];
            }
            const { overflowY } = getComputedStyle(holder);
            const isShort = (overflowY === "hidden" || overflowY === "clip") && holder.scrollHeight > holder.clientHeight + 3;
            if (seen.width > 0 && (seen.left < left - 1 || seen.right > right + 1 || isShort)) cut.push(text);
          }
          return cut;
        }
        """;

    [Theory]
    [InlineData("fr", 16, 530_001)]
    [InlineData("fr", 32, 531_001)]
    [InlineData("es", 16, 532_001)]
    [InlineData("es", 32, 533_001)]
    [InlineData("ru", 16, 534_001)]
    [InlineData("ru", 32, 535_001)]
    [InlineData("hi", 16, 536_001)]
    [InlineData("hi", 32, 537_001)]
    public async Task A_day_in_a_language(string language, int textPixels, int firstNumber)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"speaker-{language}-{textPixels}");
        await using var scene = await FieldScene.CreateAsync(browsing.Playwright, server.BaseAddress, new(Meters: 8, Name: name, FirstNumber: firstNumber));
        // The text size of the phone's settings: what rem is, and em in the conditions of style sheets.
        string[] textSize = [string.Create(CultureInfo.InvariantCulture, $"--blink-settings=defaultFontSize={textPixels}")];
        await using var phone = await Phone.SwitchOnAsync(browsing.Playwright, server.BaseAddress, new() { Width = 360, Height = 740, DevicePixels = 2, Locale = language, Arguments = textSize });
        var app = new FieldApp(phone);
        var faults = new List<string>();
        await phone.GotoAsync(FieldApp.Home);
        await phone.Page.Locator("input[name=password]").WaitForAsync();
        Assert.Equal(language, await phone.Page.EvaluateAsync<string>("() => document.documentElement.lang"));
        Assert.Equal($"{textPixels}px", await phone.Page.EvaluateAsync<string>("() => getComputedStyle(document.documentElement).fontSize"));
        await LookAsync("sign-in");
        await phone.Page.Locator("input[name=username]").FillAsync(scene.Agent.Username);
        await phone.Page.Locator("input[name=password]").FillAsync(scene.Agent.Password);
        await LookAsync("sign-in-filled");
        await phone.Page.Locator("button[type=submit]").ClickAsync();
        await phone.Page.Locator(".ms-tabs").WaitForAsync(new() { Timeout = 60_000 });
        await LookAsync("route");

        // Until it is ready, the app is not on the phone.
        await phone.Page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => true)");
        await phone.GoOfflineAsync();
        await OpenAsync(scene.Meters[3]);
        await LookAsync("reading");
        await app.TypeAsync(scene.Meters[3], scene.TypedNow(scene.Meters[3]));
        await LookAsync("reading-typed");
        await phone.Page.Locator(".ms-keypad > [data-quiet]").First.ClickAsync();
        var sheet = phone.Page.GetByRole(AriaRole.Dialog);
        await sheet.Locator(".ms-tiles > button").First.ClickAsync();
        await LookAsync("skip");
        await sheet.Locator(".ms-sheet-actions > button").First.ClickAsync();
        await phone.Page.Locator(".ms-tabs").WaitForAsync();
        await LookAsync("saved");

        await OpenAsync(scene.Meters[5]);
        await app.TypeAsync(scene.Meters[5], (scene.ExpectedNow(scene.Meters[5]) + 40m).ToString(CultureInfo.InvariantCulture));
        await phone.Page.Locator(".ms-screen-action > button").Last.ClickAsync();
        await phone.Page.Locator(".ms-screen-action > .ms-actions").WaitForAsync();
        await LookAsync("second-entry");
        await OpenAsync(scene.Meters[0]);
        await LookAsync("reading-two-registers");
        foreach (var (screen, sign) in ((string Path, string Sign)[])[("queue", "#queue-waiting"), ("more", "input[type=checkbox], [role=switch]"), ("found", "textarea"), ("search?q=mill", "input[type=search]"), ("map", ".field-map")])
        {
            await app.ShowAsync($"/{screen}");
            await phone.Page.Locator(sign).First.WaitForAsync();
            await LookAsync(screen.Split('?')[0]);
        }

        await app.ShowAsync("/queue");
        await phone.Page.Locator("#queue-waiting").WaitForAsync();
        await phone.Page.Locator("header button").Last.ClickAsync();
        await LookAsync("queue-menu");
        faults.AddRange(phone.ErrorsOfTheApp);
        Assert.True(faults.Count == 0, string.Join('\n', faults));

        async Task OpenAsync(SceneMeter meter)
        {
            await app.ShowAsync($"/meter/{meter.Id}");
            await phone.Page.GetByText(meter.Address, new() { Exact = true }).First.WaitForAsync();
            await phone.Page.Locator(".ms-keypad").WaitForAsync();
        }

        async Task LookAsync(string what)
        {
            // The screen before stays in the document until the next one is loaded.
            await phone.Page.WaitForFunctionAsync("() => document.querySelectorAll('.ms-screen').length === 1 && document.querySelector('.ms-skeleton') === null");
            var wider = await phone.Page.EvaluateAsync<int>("() => document.scrollingElement.scrollWidth - innerWidth");
            if (wider > 0)
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{what} is {wider} px wider than the screen"));
            }

            faults.AddRange((await phone.Page.EvaluateAsync<string[]>(Unsaid)).Select(text => $"{what} says {text}"));
            faults.AddRange((await phone.Page.EvaluateAsync<string[]>(Cut)).Select(text => $"{what} cuts {text}"));
            await app.PictureAsync(string.Create(CultureInfo.InvariantCulture, $"field-{language}-{what}-{textPixels}"));
        }
    }
}
