using MeterSync.Host.Configuration;
using MeterSync.Kernel;
using MeterSync.Store;

namespace MeterSync.Host;

/// <summary>Where settings come from: DATA/metersync.json, then variables under the names of other programs, then METERSYNC__ variables, then the command line; later ones win.</summary>
internal static class ServerConfiguration
{
    public const string EnvironmentPrefix = "METERSYNC__";

    public static string FileOf(DataDirectory data) => Path.Combine(data.Path, "metersync.json");

    /// <param name="builder">Takes the sources.</param>
    /// <param name="data">Data directory, whose metersync.json may be absent.</param>
    /// <param name="arguments">Settings as <c>--Section:Key=value</c>.</param>
    /// <exception cref="StartRefusedException">metersync.json cannot be read, or a variable under another program's name.</exception>
    public static void AddServerSettings(this IConfigurationBuilder builder, DataDirectory data, IReadOnlyList<string> arguments)
    {
        try
        {
            builder.AddJsonFile(FileOf(data), optional: true, reloadOnChange: false);
            builder.AddInMemoryCollection(Aliases(arguments).Settings);
            builder.AddEnvironmentVariables(EnvironmentPrefix);
            builder.AddCommandLine([.. arguments]);
        }
        catch (InvalidDataException exception)
        {
            throw Unreadable(data, exception);
        }
    }

    /// <summary>What a server on this data directory would be told, without building it.</summary>
    /// <exception cref="StartRefusedException">metersync.json cannot be read.</exception>
    public static IConfigurationRoot Read(DataDirectory data, IReadOnlyList<string> arguments)
    {
        var builder = new ConfigurationBuilder();
        builder.AddServerSettings(data, arguments);
        try
        {
            return builder.Build();
        }
        catch (InvalidDataException exception)
        {
            throw Unreadable(data, exception);
        }
    }

    /// <summary>What the variables under other programs' names come to, next to the settings of the command line.</summary>
    /// <exception cref="StartRefusedException">A value cannot be used, or two contradict each other.</exception>
    public static AliasReading Aliases(IReadOnlyList<string> arguments) => AliasReading.Of(Environment.GetEnvironmentVariables(), arguments);

    /// <summary>The database settings alone; whether they are acceptable is checked when they are used.</summary>
    public static StoreOptions StoreOf(IConfiguration configuration)
    {
        var options = new StoreOptions();
        configuration.GetSection(StoreOptions.Section).Bind(options);
        return options;
    }

    private static StartRefusedException Unreadable(DataDirectory data, InvalidDataException exception) =>
        new($"{FileOf(data)} is not valid JSON. Mend or remove it: {exception.GetBaseException().Message.ReplaceLineEndings(" ")}");
}
