namespace MeterSync.Host.Telemetry;

/// <summary>The values of a measurement's labels, in the order of the family's names. Four are enough, and need no memory of their own.</summary>
internal readonly record struct LabelSet
{
    public const int Most = 4;

    private readonly object? first;
    private readonly object? second;
    private readonly object? third;
    private readonly object? fourth;

    private LabelSet(object? first, object? second, object? third, object? fourth) =>
        (this.first, this.second, this.third, this.fourth) = (first, second, third, fourth);

    public object? this[int place] => place switch { 0 => first, 1 => second, 2 => third, _ => fourth };

    public LabelSet With(int place, object? value) => place switch
    {
        0 => new LabelSet(value, second, third, fourth),
        1 => new LabelSet(first, value, third, fourth),
        2 => new LabelSet(first, second, value, fourth),
        _ => new LabelSet(first, second, third, value),
    };
}
