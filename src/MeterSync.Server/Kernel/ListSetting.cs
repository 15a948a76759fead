namespace MeterSync.Kernel;

/// <summary>A setting that holds several values: a list in metersync.json, or one text with commas, as variables and the command line give it.</summary>
public static class ListSetting
{
    /// <summary>Null where the setting is not given. Where it is given both ways, the text counts.</summary>
    public static IReadOnlyList<string>? Read(IConfiguration configuration, string key)
    {
        var section = configuration.GetSection(key);
        return section.Value is { } text ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : section.GetChildren().Select(child => child.Value?.Trim() ?? "").ToList() is { Count: > 0 } values ? values
            : null;
    }
}
