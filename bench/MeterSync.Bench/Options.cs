using System.Globalization;

namespace MeterSync.Bench;

/// <summary>Command line of the form <c>--name value</c> (a name may repeat), and after <c>--</c> a command to start.</summary>
internal sealed class Options
{
    private readonly List<KeyValuePair<string, string>> _values = [];

    public Options(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--")
            {
                Command = args[(i + 1)..];
                return;
            }
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Length)
                throw new BenchFailedException($"'{args[i]}' is not an option with a value.");
            _values.Add(new(args[i][2..], args[++i]));
        }
    }

    public string[] Command { get; } = [];

    public string? Find(string name) => _values.LastOrDefault(v => v.Key == name).Value;

    public string Text(string name) => Find(name) ?? throw new BenchFailedException($"--{name} is missing.");

    public int Number(string name, int otherwise) => Find(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public IEnumerable<string> All(string name) => _values.Where(v => v.Key == name).Select(v => v.Value);
}
