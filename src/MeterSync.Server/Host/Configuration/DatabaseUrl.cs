using System.Globalization;
using MeterSync.Store;
using Npgsql;

namespace MeterSync.Host.Configuration;

/// <summary>DATABASE_URL as SQLAlchemy, Django and libpq write it. What is wrong with it is told without showing any of it: it has a password.</summary>
internal static class DatabaseUrl
{
    public const string Name = "DATABASE_URL";
    public const string Provider = $"{StoreOptions.Section}:{nameof(StoreOptions.Provider)}";
    public const string ConnectionString = $"{StoreOptions.Section}:{nameof(StoreOptions.ConnectionString)}";

    /// <summary>Options of other drivers, whose names cannot be a piece of somebody's password.</summary>
    private static readonly string[] KnownElsewhere =
        ["pool_size", "max_overflow", "pool_timeout", "pool_recycle", "pool_pre_ping", "charset", "client_encoding", "gssencmode", "channel_binding", "keepalives", "prepared_statement_cache_size", "statement_cache_size", "command_timeout", "server_settings", "schema", "pgbouncer", "connection_limit"];

    private const string Form = "Give it as postgresql://USER:PASSWORD@HOST:5432/DATABASE, with %40 for @ and %2F for / in the password, or as sqlite:///metersync.db.";

    public static AliasMeaning Read(string url)
    {
        var end = url.IndexOf("://", StringComparison.Ordinal);
        return end < 0 ? Wrong("begins with no scheme.") : url[..end].Split('+')[0].ToLowerInvariant() switch
        {
            "postgres" or "postgresql" => Postgres(url[(end + 3)..]),
            "sqlite" => Sqlite(url[(end + 3)..]),
            _ => Wrong("begins with neither postgresql:// nor sqlite://."),
        };
    }

    /// <summary>The file is ours to choose: everything about an installation stands in its data directory.</summary>
    private static AliasMeaning Sqlite(string rest)
    {
        var sqlite = AliasMeaning.Of(Provider, "sqlite");
        return rest is "" or "/" or "/metersync.db" or "/./metersync.db" ? sqlite
            : sqlite with { Notices = [$"{Name} names a file of its own, which has no effect: on SQLite the database is metersync.db in the data directory (--data or METERSYNC_DATA)."] };
    }

    private static AliasMeaning Postgres(string rest)
    {
        var (place, query) = Halves(rest, '?');
        var (authority, database) = Halves(place, '/');
        var at = authority.LastIndexOf('@');
        var (user, password) = Halves(at < 0 ? "" : authority[..at], ':');
        var connection = new NpgsqlConnectionStringBuilder();
        var notices = new List<string>();
        try
        {
            Set(connection, "Username", Decoded(user));
            Set(connection, "Password", Decoded(password));
            Set(connection, "Database", Decoded(database));
            if (SetHosts(connection, authority[(at + 1)..]) is { } wrong)
            {
                return Wrong(wrong);
            }

            foreach (var (key, value) in query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => Halves(pair, '=')))
            {
                if (SetOption(connection, Decoded(key).ToLowerInvariant(), Decoded(value)) is { } notice)
                {
                    notices.Add(notice);
                }
            }
        }
        catch (FormatException)
        {
            return Wrong("has a % that no two hexadecimal digits follow.");
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidCastException or OverflowException)
        {
            return Wrong("has a value that PostgreSQL's driver does not take.");
        }

        return string.IsNullOrEmpty(connection.Host)
            ? Wrong("names no host.")
            : new AliasMeaning([new(Provider, "postgres"), new(ConnectionString, connection.ConnectionString)], notices);
    }

    private static string? SetHosts(NpgsqlConnectionStringBuilder connection, string hosts)
    {
        if (hosts.Length == 0)
        {
            return null;
        }

        if (hosts.Contains(','))
        {
            // Several: the driver takes them as they are, each with its port.
            connection.Host = Decoded(hosts);
            return null;
        }

        var colon = hosts.LastIndexOf(':');
        var hasPort = colon >= 0 && !hosts.EndsWith(']');
        connection.Host = Decoded(hasPort ? hosts[..colon] : hosts).Trim('[', ']');
        if (!hasPort)
        {
            return null;
        }

        if (!int.TryParse(hosts[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
        {
            return "has no port number between 1 and 65535 behind the host.";
        }

        connection.Port = port;
        return null;
    }

    /// <summary>A notice where the option has no effect.</summary>
    private static string? SetOption(NpgsqlConnectionStringBuilder connection, string key, string value)
    {
        switch (key)
        {
            case "sslmode" or "ssl":
                connection.SslMode = value.ToLowerInvariant() switch
                {
                    "disable" or "false" or "0" => SslMode.Disable,
                    "allow" => SslMode.Allow,
                    "prefer" => SslMode.Prefer,
                    "require" or "true" or "1" => SslMode.Require,
                    "verify-ca" => SslMode.VerifyCA,
                    "verify-full" => SslMode.VerifyFull,
                    _ => throw new ArgumentException("No such mode.", nameof(value)),
                };
                return null;
            case "host":
                connection.Host = value;
                return null;
            case "port":
                connection.Port = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : throw new ArgumentException("No port.", nameof(value));
                return null;
            case "user" or "password" or "dbname" or "sslrootcert" or "sslcert" or "sslkey" or "connect_timeout" or "application_name" or "options" or "target_session_attrs":
                Set(connection, NpgsqlKeyOf(key), value);
                return null;
            default:
                return $"{Name} has an option that has no effect{(KnownElsewhere.Contains(key) ? ": " + key : "")}.";
        }
    }

    private static string NpgsqlKeyOf(string key) => key switch
    {
        "user" => "Username",
        "password" => "Password",
        "dbname" => "Database",
        "sslrootcert" => "Root Certificate",
        "sslcert" => "SSL Certificate",
        "sslkey" => "SSL Key",
        "connect_timeout" => "Timeout",
        "application_name" => "Application Name",
        "options" => "Options",
        _ => "Target Session Attributes",
    };

    private static void Set(NpgsqlConnectionStringBuilder connection, string key, string value)
    {
        if (value.Length > 0)
        {
            connection[key] = value;
        }
    }

    /// <exception cref="FormatException">A % stands alone.</exception>
    private static string Decoded(string text)
    {
        for (var at = text.IndexOf('%', StringComparison.Ordinal); at >= 0; at = text.IndexOf('%', at + 1))
        {
            if (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2]))
            {
                throw new FormatException();
            }
        }

        return Uri.UnescapeDataString(text);
    }

    private static (string Before, string After) Halves(string text, char by) =>
        text.IndexOf(by, StringComparison.Ordinal) is >= 0 and var at ? (text[..at], text[(at + 1)..]) : (text, "");

    private static AliasMeaning Wrong(string fault) => AliasMeaning.Wrong($"{fault} {Form}");
}
