using MeterSync.Kernel;

namespace MeterSync.Store.Imports;

/// <summary>What the imports of one kind of table have of their own, beside their columns.</summary>
internal sealed record ImportKind
{
    /// <summary><see cref="ImportBatch.Kind"/> of what they bring in.</summary>
    public required string Batches { get; init; }

    /// <summary><see cref="IJobHandler.Kind"/> of their background jobs.</summary>
    public required string Jobs { get; init; }

    /// <summary>The largest file.</summary>
    public required int MaximumMegabytes { get; init; }

    /// <summary>What a file that came without a name is called.</summary>
    public required string FileName { get; init; }

    /// <summary>The form came without a file.</summary>
    public required ProblemCode FileMissing { get; init; }

    /// <summary>The job did not find its file any more.</summary>
    public required ProblemCode FileGone { get; init; }

    /// <summary>There is no such job or batch.</summary>
    public required ProblemCode NotFound { get; init; }

    /// <summary>The import offers no file.</summary>
    public required ProblemCode NoResultFile { get; init; }

    /// <summary>The batch was undone before.</summary>
    public required ProblemCode Undone { get; init; }

    public long MaximumBytes => MaximumMegabytes * 1024L * 1024;

    /// <summary>The file and the fields around it.</summary>
    public long MaximumFormBytes => MaximumBytes + (1024 * 1024);
}
