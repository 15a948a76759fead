using MeterSync.Kernel;
using MeterSync.Store.Model;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Store.Imports;

/// <summary>One file that was brought in, kept with its hash so that it can be recognised and undone.</summary>
internal sealed class ImportBatch : IAudited, IPersonal
{
    public ImportBatchId Id { get; set; }

    /// <summary>meters or readings.</summary>
    public string Kind { get; set; } = "";

    /// <summary>The job that brought it in; unique, so that a job taken up again after a crash imports once.</summary>
    public JobId JobId { get; set; }

    public string FileName { get; set; } = "";

    /// <summary>SHA-256 of the file as sent.</summary>
    public byte[] FileHash { get; set; } = [];

    public int CreatedCount { get; set; }

    public int UpdatedCount { get; set; }

    public int UnchangedCount { get; set; }

    public int RefusedCount { get; set; }

    /// <summary>Null for the operator at the machine.</summary>
    public UserId? CreatedBy { get; set; }

    [Personal]
    public string CreatedByName { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? UndoneAt { get; set; }

    public string AuditName => "import_batch";

    public Guid AuditId => Id.Value;

    public Guid PersonId => CreatedBy?.Value ?? Guid.Empty;
}

/// <summary>What a batch did to one row, so that it can be undone.</summary>
internal sealed class ImportBatchItem
{
    public ImportBatchId BatchId { get; set; }

    public Guid EntityId { get; set; }

    /// <summary>JSON of the row before; null where the batch made it.</summary>
    public string? Before { get; set; }
}

internal static class ImportMapping
{
    public static void Configure(ModelBuilder model)
    {
        var batch = model.Entity<ImportBatch>();
        batch.ToTable("import_batches");
        batch.HasKey(b => b.Id);
        batch.Ignore(b => b.AuditName);
        batch.Ignore(b => b.AuditId);
        batch.Ignore(b => b.PersonId);
        batch.HasIndex(b => b.JobId).IsUnique();
        batch.HasIndex(b => new { b.Kind, b.CreatedAt });
        batch.HasIndex(b => b.CreatedBy);

        var item = model.Entity<ImportBatchItem>();
        item.ToTable("import_batch_items");
        item.HasKey(i => new { i.BatchId, i.EntityId });
        item.Property(i => i.Before).IsJson();
        item.HasOne<ImportBatch>().WithMany().HasForeignKey(i => i.BatchId);
    }
}
