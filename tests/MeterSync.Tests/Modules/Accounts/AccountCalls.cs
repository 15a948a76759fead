using System.Net;
using System.Text.Json.Nodes;
using MeterSync.Tests.Support;
using Xunit;

namespace MeterSync.Tests.Modules.Accounts;

/// <summary>What the account tests do again and again.</summary>
internal static class AccountCalls
{
    public const string Password = "seven-quiet-herons";

    /// <summary>A new user with a password, made by the administrator.</summary>
    public static async Task<JsonNode> MakeUserAsync(this ApiClient admin, string name, string role = "viewer", object? scope = null)
    {
        var body = new JsonObject { ["email"] = $"{name}@example.org", ["username"] = name, ["name"] = $"Test {name}", ["role"] = role, ["password"] = Password };
        if (scope is string word)
        {
            body["scope"] = word;
        }
        else if (scope is IEnumerable<Guid> regions)
        {
            body["region_ids"] = new JsonArray([.. regions.Select(region => (JsonNode)region.ToString())]);
        }

        var made = await admin.PostAsync("/api/v1/users", body);
        Assert.True(made.Status == HttpStatusCode.Created, made.Body.ToJsonString());
        return made.Data;
    }

    public static Task<ApiClient> SignInWithAsync(this ServerFixture server, string name, string password = Password) => ApiClient.SignInAsync(server.Anonymous(), name, password);

    public static async Task<ApiAnswer> TryLoginAsync(this ServerFixture server, string name, string password = Password)
    {
        using var http = server.Anonymous();
        return await new ApiClient(http).PostAsync("/api/v1/auth/login", new { username = name, password });
    }

    /// <summary>A caller with an API key and nothing else.</summary>
    public static ApiClient WithKey(this ServerFixture server, string key, bool asBearer = false)
    {
        var http = server.Anonymous();
        http.DefaultRequestHeaders.Add(asBearer ? "Authorization" : "X-API-Key", asBearer ? $"Bearer {key}" : key);
        return new ApiClient(http);
    }

    public static void Refused(this ApiAnswer answer, HttpStatusCode status, string code) =>
        Assert.Equal((status, code), (answer.Status, answer.Code));
}
