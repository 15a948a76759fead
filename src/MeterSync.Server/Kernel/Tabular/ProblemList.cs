using System.Collections;
using System.Runtime.InteropServices;

namespace MeterSync.Kernel.Tabular;

/// <summary>The problems of one file: all are counted, the first ones are kept, so a wholly wrong file costs bounded memory.</summary>
public sealed class ProblemList : IReadOnlyList<RowProblem>
{
    /// <summary>How many problems are kept unless told otherwise.</summary>
    public const int DefaultKept = 1_000;

    private readonly List<RowProblem> _kept = [];
    private readonly Dictionary<string, int> _countByCode = new(StringComparer.Ordinal);
    private readonly int _keep;
    private int _lastRow = -1;

    /// <param name="keep">The most problems kept in words; 0 keeps none and only counts.</param>
    public ProblemList(int keep = DefaultKept)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keep);
        _keep = keep;
    }

    /// <summary>Problems kept, in the order found; at most the limit given.</summary>
    public int Count => _kept.Count;

    /// <summary>All problems found, kept or not.</summary>
    public int Total { get; private set; }

    /// <summary>Rows with at least one problem, provided that problems arrive row by row.</summary>
    public int RowsWithProblems { get; private set; }

    /// <summary>All problems found by code, kept or not.</summary>
    public IReadOnlyDictionary<string, int> CountByCode => _countByCode;

    public RowProblem this[int index] => _kept[index];

    /// <summary>True while another problem would be kept in words.</summary>
    public bool HasRoom => _kept.Count < _keep;

    public void Add(RowProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        Total++;
        CollectionsMarshal.GetValueRefOrAddDefault(_countByCode, problem.Code, out _)++;
        if (problem.Row > 0 && problem.Row != _lastRow)
        {
            RowsWithProblems++;
            _lastRow = problem.Row;
        }
        if (HasRoom)
        {
            _kept.Add(problem);
        }
    }

    public IEnumerator<RowProblem> GetEnumerator() => _kept.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
