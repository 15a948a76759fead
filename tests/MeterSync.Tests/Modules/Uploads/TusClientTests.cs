using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeterSync.Tests.Support;

namespace MeterSync.Tests.Modules.Uploads;

/// <summary>tus-js-client, as field apps use it, over networks that break off.</summary>
public abstract class TusClientTests(ServerFixture server)
{
    private const int PhotoBytes = 5 * 1024 * 1024;
    private static readonly string Web = Path.Combine(Contract.Repository.Root, "web", "package.json");
    private static readonly string Script = Path.Combine(Contract.Repository.Root, "tests", "MeterSync.Tests", "Modules", "Uploads", "tus-upload.cjs");

    private protected abstract TakenFiles Taken { get; }

    [Theory]
    [InlineData(CutKind.Closed)]
    [InlineData(CutKind.Reset)]
    [InlineData(CutKind.Silent)]
    public async Task A_photo_of_5_MiB_that_breaks_off_three_times_at_4_MB_is_whole_with_at_most_15_percent_more_bytes(CutKind kind)
    {
        var (proxy, bytes) = await UploadAsync(kind, 0, 4_000_000, 300_000, 300_000);
        Assert.Equal(3, proxy.Broken);
        Assert.True(proxy.Sent <= PhotoBytes * 1.15, $"{proxy.Sent} bytes were sent for {PhotoBytes}: {(double)proxy.Sent / PhotoBytes:0.000}x.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {(double)proxy.Sent / bytes:0.0000}x");
    }

    [Theory]
    [InlineData(CutKind.Closed)]
    [InlineData(CutKind.Reset)]
    [InlineData(CutKind.Silent)]
    public async Task A_photo_that_breaks_off_ten_times_is_whole(CutKind kind)
    {
        var (proxy, _) = await UploadAsync(kind, 0, 500_000, 10_000, 400_000, 300_000, 700_000, 200_000, 5_000, 900_000, 100_000, 600_000);
        Assert.Equal(10, proxy.Broken);
    }

    [Fact]
    public async Task A_photo_in_chunks_is_whole()
    {
        var (proxy, _) = await UploadAsync(CutKind.Reset, 512 * 1024, 300_000, 1_200_000);
        Assert.Equal(2, proxy.Broken);
    }

    private async Task<(CuttingProxy Proxy, int Bytes)> UploadAsync(CutKind kind, int chunk, params int[] cuts)
    {
        Assert.SkipUnless(File.Exists(Path.Combine(Path.GetDirectoryName(Web)!, "node_modules", "tus-js-client", "package.json")), "tus-js-client is not there: run npm ci in web/.");
        var caller = await TusCaller.SignInAsync(server, "agent1");
        var bytes = TusCaller.RandomBytes(PhotoBytes);
        var file = Path.Combine(server.Data.Path, $"photo-{Guid.CreateVersion7():n}.jpg");
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        var metadata = JsonSerializer.Serialize(new Dictionary<string, string> { ["purpose"] = TakenFiles.Word, ["filename"] = "meter.jpg", ["filetype"] = "image/jpeg", ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)) });
        await using var proxy = new CuttingProxy(Contract.Listening.AddressOf(server), kind, cuts);
        var start = new ProcessStartInfo("node", [Script, Web, $"{proxy.Address}uploads", caller.Token, file, metadata, $"{chunk}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var node = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var (output, error) = (node.StandardOutput.ReadToEndAsync(limit.Token), node.StandardError.ReadToEndAsync(limit.Token));
        try
        {
            await node.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!node.HasExited)
            {
                node.Kill();
            }
        }

        Assert.True(node.ExitCode == 0, await error);
        var url = (string)JsonNode.Parse(await output)!["url"]!;
        Assert.Equal(bytes, Taken.Files[TusCaller.IdOf(url)].Bytes);
        return (proxy, bytes.Length);
    }
}

public sealed class TusClientOnSqliteTests(UploadsOnSqlite server) : TusClientTests(server), IClassFixture<UploadsOnSqlite>
{
    private protected override TakenFiles Taken => server.Taken;
}

public sealed class TusClientOnPostgresTests(UploadsOnPostgres server) : TusClientTests(server), IClassFixture<UploadsOnPostgres>
{
    private protected override TakenFiles Taken => server.Taken;
}
