using System.Diagnostics.CodeAnalysis;

namespace MeterSync.Kernel;

/// <summary>Either a value or the <see cref="Kernel.Problem"/> that prevented it. Exceptions are for bugs and broken infrastructure only.</summary>
public readonly struct Outcome<T>
{
    private Outcome(T? value, Problem? problem)
    {
        Value = value;
        Problem = problem;
    }

    public T? Value { get; }

    public Problem? Problem { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool Succeeded => Problem is null;

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Problem problem) => new(default, problem);
}

/// <summary>Says only that it worked.</summary>
public sealed record Done
{
    public static readonly Done It = new();
}
