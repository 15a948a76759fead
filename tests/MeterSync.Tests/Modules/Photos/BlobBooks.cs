using System.Security.Cryptography;
using MeterSync.Store;
using MeterSync.Store.Blobs;
using MeterSync.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MeterSync.Tests.Modules.Photos;

/// <summary>Looks into the storage behind the API.</summary>
internal static class BlobBooks
{
    public static async Task<int> UsesAsync(ServerFixture server, byte[] bytes)
    {
        var sha256 = SHA256.HashData(bytes);
        await using var scope = server.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<MeterSyncDb>().Set<BlobUse>().Where(use => use.Sha256 == sha256).Select(use => use.Uses).FirstOrDefaultAsync();
    }

    public static Task<bool> IsStoredAsync(ServerFixture server, byte[] bytes) =>
        server.Services.GetRequiredService<IBlobStore>().ExistsAsync(BlobHash.Of(SHA256.HashData(bytes)), CancellationToken.None);
}
