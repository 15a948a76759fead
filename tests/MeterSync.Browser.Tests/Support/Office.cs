using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace MeterSync.Browser.Tests.Support;

/// <summary>Someone who reads meters.</summary>
/// <param name="Id">Of the user.</param>
public sealed record FieldAgent(string Id, string Username, string Password, string Name);

/// <summary>What the office does and sees while readers are out: an administrator's calls. Any refusal throws <see cref="InvalidOperationException"/>.</summary>
public sealed class Office : IAsyncDisposable
{
    private const string Password = "seven-quiet-herons";

    private Office(PersonCalls calls) => Calls = calls;

    /// <summary>For what has no method here.</summary>
    public PersonCalls Calls { get; }

    /// <summary>Opens the office of a server that was started with the demo's accounts.</summary>
    public static async Task<Office> OpenAsync(IPlaywright playwright, Uri server) =>
        new(await PersonCalls.SignInAsync(playwright, server, "admin", "admin123"));

    /// <summary>Makes a user with a password who can be given work.</summary>
    public async Task<FieldAgent> AddAgentAsync(string username, int mostWork = 20_000)
    {
        var name = CultureInfo.InvariantCulture.TextInfo.ToTitleCase(username);
        var user = await Calls.SendAsync("POST", "/api/v1/users", new { email = $"{username}@example.org", username, name, role = "agent", password = Password });
        var id = user.GetProperty("id").GetString()!;
        await Calls.SendAsync("POST", "/api/v1/agents", new { user_id = id, max_load = mostWork, status = "available" });
        return new(id, username, Password, name);
    }

    /// <summary>Every reading somebody brought, the newest first.</summary>
    public async Task<IReadOnlyList<HeldReading>> ReadingsOfAsync(string userId) =>
        [.. (await Calls.ListAsync($"/api/v1/readings?agent_id={userId}")).Select(HeldReading.Of)];

    public async Task<IReadOnlyList<HeldSkip>> SkipsOfAsync(string userId) =>
        [.. (await Calls.ListAsync($"/api/v1/skips?agent_id={userId}")).Select(HeldSkip.Of)];

    /// <summary>The photos that came for a reading; those still to come are not among them.</summary>
    public async Task<IReadOnlyList<HeldPhoto>> PhotosOfAsync(string readingId) =>
        [.. (await Calls.GetAsync($"/api/v1/readings/{readingId}/photos")).GetProperty("items").EnumerateArray().Select(HeldPhoto.Of)];

    /// <summary>A photo, byte for byte as it came.</summary>
    public Task<byte[]> PhotoBytesAsync(string photoId) => Calls.DownloadAsync($"/api/v1/photos/{photoId}/content");

    /// <summary>The office's own file of readings, one row a value, by heading (<c>serial_number</c>, <c>register</c>, <c>value</c>, <c>state</c>, <c>agent_id</c> ...).</summary>
    /// <param name="userId">Of that person alone; null: all.</param>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> ExportedReadingsAsync(string? userId = null)
    {
        var begun = await Calls.SendAsync("POST", "/api/v1/export/csv", new { type = "readings", agent_id = userId });
        var export = await Calls.WaitForJobAsync($"/api/v1/export/status/{begun.GetProperty("id").GetString()}");
        return CsvTable.Parse(Encoding.UTF8.GetString(await Calls.DownloadAsync(export.GetProperty("download_url").GetString()!)));
    }

    /// <summary>All assignments of somebody, ended ones too; <c>id</c>, <c>meter_id</c>, <c>status</c>, <c>position</c> and more.</summary>
    public Task<IReadOnlyList<JsonElement>> AssignmentsOfAsync(string userId) => Calls.ListAsync($"/api/v1/assignments?agent_id={userId}");

    /// <summary>Moves the open work on a meter to somebody else.</summary>
    public async Task ReassignAsync(string meterId, string toUserId)
    {
        var open = First(await Calls.ListAsync($"/api/v1/assignments?meter_id={meterId}&status=open"), $"No open work on {meterId}.");
        await Calls.SendAsync("PUT", $"/api/v1/assignments/{open.GetProperty("id").GetString()}", new { agent_id = toUserId });
    }

    /// <summary>Ends somebody's account: every session ends, and none begins.</summary>
    public Task DisableAsync(string userId) => Calls.SendAsync("PATCH", $"/api/v1/users/{userId}", new { status = "suspended" });

    public Task EnableAsync(string userId) => Calls.SendAsync("PATCH", $"/api/v1/users/{userId}", new { status = "active" });

    /// <summary>The phones somebody brought something with, or fetched with.</summary>
    public Task<IReadOnlyList<JsonElement>> PhonesOfAsync(string userId) => Calls.ListAsync($"/api/v1/field-devices?user_id={userId}");

    /// <summary>A phone was lost: revokes all that somebody has.</summary>
    public async Task RevokePhonesAsync(string userId)
    {
        foreach (var phone in await PhonesOfAsync(userId))
        {
            await Calls.SendAsync("DELETE", $"/api/v1/field-devices/{phone.GetProperty("id").GetString()}");
        }
    }

    /// <summary>Gives a reading's main register another value.</summary>
    public Task CorrectAsync(string readingId, decimal value, string reason = "Digits changed places") =>
        Calls.SendAsync("POST", $"/api/v1/readings/{readingId}/correct", new { reading_value = value, reason });

    public Task RejectAsync(string readingId, string reason = "Not this meter") =>
        Calls.SendAsync("POST", $"/api/v1/readings/{readingId}/reject", new { reason });

    /// <summary>What somebody sent that could not be taken, still open: <c>reason</c>, <c>item</c> and more.</summary>
    public Task<IReadOnlyList<JsonElement>> QuarantineOfAsync(string userId) => Calls.ListAsync($"/api/v1/sync/quarantine?user_id={userId}&status=open");

    public Task<IReadOnlyList<JsonElement>> ConflictsOfAsync(string userId) => Calls.ListAsync($"/api/v1/sync/conflicts?user_id={userId}&status=open");

    /// <summary>Brings in what a phone saved to a file, and waits until it is done.</summary>
    public async Task BringInAsync(byte[] file)
    {
        var begun = await Calls.UploadAsync("/api/v1/sync/import", "phone.ndjson", "application/x-ndjson", file);
        await Calls.WaitForJobAsync($"/api/v1/sync/import/{begun.GetProperty("id").GetString()}");
    }

    /// <summary>Meters found in the field and changes proposed by somebody.</summary>
    public Task<IReadOnlyList<JsonElement>> ApprovalsOfAsync(string userId) => Calls.ListAsync($"/api/v1/approvals?agent_id={userId}");

    /// <summary>The life of the server's data; another one after a restore.</summary>
    public async Task<string> EpochAsync() => (await Calls.GetAsync("/api/v1/sync/status")).GetProperty("epoch").GetString()!;

    public ValueTask DisposeAsync() => Calls.DisposeAsync();

    private static JsonElement First(IReadOnlyList<JsonElement> found, string otherwise) =>
        found.Count > 0 ? found[0] : throw new InvalidOperationException(otherwise);
}
