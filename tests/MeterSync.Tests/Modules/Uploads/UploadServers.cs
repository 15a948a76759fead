using System.Collections.Concurrent;
using MeterSync.Kernel;
using MeterSync.Modules.Uploads.Public;
using MeterSync.Tests.Contract;
using Microsoft.Extensions.DependencyInjection;

namespace MeterSync.Tests.Modules.Uploads;

/// <summary>Takes whole files as a module would, and remembers them.</summary>
internal sealed class TakenFiles : IUploadFollower
{
    public const string Word = "test_file";

    public ConcurrentDictionary<UploadId, (FinishedUpload Upload, byte[] Bytes)> Files { get; } = [];

    public ConcurrentDictionary<UploadId, int> Offers { get; } = [];

    /// <summary>Refuses what has this name, as long as it is said.</summary>
    public string? Refused { get; set; }

    /// <summary>Fails over what has this name, as long as it is said.</summary>
    public string? Broken { get; set; }

    public string Purpose => Word;

    public Task<Problem?> RefuseAsync(NewUpload upload, CancellationToken cancellationToken) =>
        Task.FromResult(upload.FileName == "unwanted.jpg" ? KernelProblems.Invalid.For("filename", "Nobody wants this.") : null);

    public async Task<Outcome<Done>> FinishedAsync(FinishedUpload upload, CancellationToken cancellationToken)
    {
        Offers.AddOrUpdate(upload.Id, 1, (_, before) => before + 1);
        if (upload.FileName is not null && upload.FileName == Refused)
        {
            return KernelProblems.Conflict.Because("Not now.");
        }

        if (upload.FileName is not null && upload.FileName == Broken)
        {
            throw new TimeoutException("The place for files is away.");
        }

        Files[upload.Id] = (upload, await File.ReadAllBytesAsync(upload.FilePath, cancellationToken));
        return Done.It;
    }
}

public sealed class UploadsOnSqlite : ListeningOnSqlite
{
    internal TakenFiles Taken { get; } = new();

    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["Uploads:MostOpen"] = "90", ["Uploads:MostMegabytes"] = "8", ["Cors:Origins"] = "https://field.example.com" };

    protected override void AdjustServices(IServiceCollection services)
    {
        base.AdjustServices(services);
        services.AddSingleton<IUploadFollower>(Taken);
    }
}

public sealed class UploadsOnPostgres : ListeningOnPostgres
{
    internal TakenFiles Taken { get; } = new();

    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["Uploads:MostOpen"] = "90", ["Uploads:MostMegabytes"] = "8", ["Cors:Origins"] = "https://field.example.com" };

    protected override void AdjustServices(IServiceCollection services)
    {
        base.AdjustServices(services);
        services.AddSingleton<IUploadFollower>(Taken);
    }
}
