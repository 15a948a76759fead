namespace MeterSync.Browser.Tests.Support;

/// <summary>How a server is started for a test.</summary>
public sealed record ServerOptions
{
    /// <summary>Accounts only: starts in two seconds instead of ten. The accounts are those of the demo either way.</summary>
    public bool DemoData { get; init; } = true;

    /// <summary>Settings of docs/config.md, such as <c>Accounts:AccessTokenMinutes</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Null: a free one below 32768. It stays the same when the server is started again.</summary>
    public int? Port { get; init; }

    /// <summary>Null: a temporary folder that is removed at the end. A folder that is named stays.</summary>
    public string? DataFolder { get; init; }
}
