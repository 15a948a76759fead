using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Xunit;

namespace MeterSync.Tests.Support;

/// <summary>Sends photos as a phone does.</summary>
internal static class PhotoScene
{
    public static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Announces a photo.</summary>
    /// <param name="of">What it belongs to: reading_id, reading_client_id, skip_client_id; other fields take the place of the usual ones.</param>
    public static Task<ApiAnswer> AnnounceAsync(ApiClient client, byte[] bytes, object? of = null)
    {
        var body = new JsonObject { ["filename"] = "meter.jpg", ["content_type"] = "image/jpeg", ["size"] = bytes.Length, ["sha256"] = HashOf(bytes) };
        foreach (var (name, value) in System.Text.Json.JsonSerializer.SerializeToNode(of ?? new { })!.AsObject())
        {
            body[name] = value?.DeepClone();
        }

        return client.PostAsync("/api/v1/photos/presigned-url", body);
    }

    /// <summary>Puts the bytes where the announcement says. What the storage itself answers is no answer of ours.</summary>
    public static async Task<ApiAnswer> PutAsync(ServerFixture server, JsonNode announced, byte[] bytes)
    {
        var url = new Uri((string)announced["upload_url"]!);
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse((string)announced["headers"]!["Content-Type"]!);
        if (url.Host == "localhost" && url.Port == 80)
        {
            using var http = server.Anonymous();
            return await new ApiClient(http).SendAsync(HttpMethod.Put, url.ToString(), content);
        }

        using var outside = new HttpClient(new SocketsHttpHandler());
        using var answer = await outside.PutAsync(url, content);
        return new ApiAnswer(answer.StatusCode, new JsonObject { ["text"] = await answer.Content.ReadAsStringAsync() }, null, null);
    }

    public static Task<ApiAnswer> CompleteAsync(ApiClient client, JsonNode announced) => client.PostAsync("/api/v1/photos/complete", new { photo_id = (string?)announced["photo_id"] });

    /// <summary>Announces and sends a photo by its sender's own sign-in. Returns the complete photo.</summary>
    public static async Task<JsonNode> SendAsync(ApiClient client, byte[] bytes, object? of = null)
    {
        var announced = await AnnounceAsync(client, bytes, of);
        Assert.True(announced.Status == HttpStatusCode.Created, announced.Body.ToJsonString());
        var sent = await client.SendAsync(HttpMethod.Put, $"/api/v1/photos/{announced.Data["photo_id"]}/content", new ByteArrayContent(bytes));
        Assert.True(sent.Status == HttpStatusCode.OK, sent.Body.ToJsonString());
        return sent.Data;
    }
}
