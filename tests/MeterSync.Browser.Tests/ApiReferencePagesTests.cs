using System.Text.Json;
using MeterSync.Browser.Tests.Support;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(MeterSync.Browser.Tests.Support.Browsing))]

namespace MeterSync.Browser.Tests;

/// <summary>The two pages a developer reads before calling the API.</summary>
public sealed class ApiReferencePagesTests(Browsing browsing)
{
    private static readonly string[] s_methods = ["get", "put", "post", "delete", "patch", "head", "options"];

    [Fact]
    public async Task Swagger_shows_every_operation_of_the_document()
    {
        var operations = await OperationsAsync();
        await using var watched = await browsing.NewPageAsync();
        // Swagger makes only those of a long document that are in sight: a window that shows all of them.
        await watched.Page.SetViewportSizeAsync(1280, 100 * operations.Count);
        await watched.Page.GotoAsync("/docs");
        var shown = watched.Page.Locator(".opblock");
        await Assertions.Expect(shown).ToHaveCountAsync(operations.Count, new() { Timeout = 30_000 });
        var paths = await watched.Page.Locator(".opblock-summary-path").AllInnerTextsAsync();
        Assert.Contains("/api/v1/auth/login", paths.Select(Plain));
        AssertClean(watched);
    }

    [Fact]
    public async Task Redoc_shows_every_operation_of_the_document()
    {
        var operations = await OperationsAsync();
        await using var watched = await browsing.NewPageAsync();
        await watched.Page.GotoAsync("/redoc");
        var shown = watched.Page.Locator("[data-section-id^='operation/']");
        await Assertions.Expect(shown).ToHaveCountAsync(operations.Count, new() { Timeout = 60_000 });
        AssertClean(watched);
    }

    private static void AssertClean(WatchedPage watched)
    {
        Assert.True(watched.Errors.Count == 0, string.Join('\n', watched.Errors));
        Assert.NotEmpty(watched.NetworkRequests);
        var own = new Uri(watched.Page.Url).GetLeftPart(UriPartial.Authority);
        Assert.All(watched.NetworkRequests, address => Assert.Equal(own, address.GetLeftPart(UriPartial.Authority)));
    }

    /// <summary>Swagger breaks long paths with zero-width spaces.</summary>
    private static string Plain(string text) => text.Replace("\u200b", "", StringComparison.Ordinal).Trim();

    private async Task<IReadOnlyList<string>> OperationsAsync()
    {
        await using var requests = await browsing.Playwright.APIRequest.NewContextAsync(new() { BaseURL = browsing.BaseAddress.OriginalString });
        var answer = await requests.GetAsync("/openapi/v1.json");
        using var document = JsonDocument.Parse(await answer.BodyAsync());
        var operations = (
            from path in document.RootElement.GetProperty("paths").EnumerateObject()
            from member in path.Value.EnumerateObject()
            where s_methods.Contains(member.Name)
            select $"{member.Name} {path.Name}").ToList();
        Assert.NotEmpty(operations);
        return operations;
    }
}
