using MeterSync.Kernel;
using MeterSync.Store.Model;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Store.Jobs;

/// <summary>A background job's row.</summary>
internal sealed class Job
{
    public JobId Id { get; set; }

    public string Kind { get; set; } = "";

    public JobStatus Status { get; set; }

    /// <summary>0-100.</summary>
    public double Progress { get; set; }

    public string? Message { get; set; }

    public string Input { get; set; } = "{}";

    public string? InputFile { get; set; }

    public string? Result { get; set; }

    public string? OutputName { get; set; }

    public string? OutputContentType { get; set; }

    public UserId? CreatedBy { get; set; }

    public string CreatedByName { get; set; } = "";

    public string CreatedByRole { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>A running job whose lease has passed lost its worker and is taken again.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    public int Attempts { get; set; }
}

internal static class JobMapping
{
    public static void Configure(ModelBuilder model)
    {
        var job = model.Entity<Job>();
        job.ToTable("jobs");
        job.HasKey(j => j.Id);
        job.Property(j => j.Input).IsJson();
        job.Property(j => j.Result).IsJson();
        job.HasIndex(j => new { j.Status, j.CreatedAt });
        job.HasIndex(j => new { j.Kind, j.CreatedAt });
        job.HasIndex(j => j.CreatedBy);
    }
}
