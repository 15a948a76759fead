using MeterSync.Host;
using MeterSync.Host.Configuration;
using MeterSync.Kernel;
using MeterSync.Store;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Xunit;

namespace MeterSync.Tests.Host.Configuration;

public sealed class SeedAliasTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("DB_ECHO", "true", "Database:Echo", "true")]
    [InlineData("DB_ECHO", "0", "Database:Echo", "false")]
    [InlineData("DEBUG", "YES", "Logging:LogLevel:Default", "Debug")]
    [InlineData("DEBUG", "false", "Logging:LogLevel:Default", null)]
    [InlineData("JWT_SECRET", Key, "Accounts:SigningKey", Key)]
    [InlineData("JWT_SECRET_KEY", Key, "Accounts:SigningKey", Key)]
    [InlineData("SECRET_KEY", " " + Key + " ", "Accounts:SigningKey", Key)]
    [InlineData("JWT_EXPIRATION_HOURS", "24", "Accounts:AccessTokenMinutes", "1440")]
    [InlineData("JWT_EXPIRATION_HOURS", "0.5", "Accounts:AccessTokenMinutes", "30")]
    [InlineData("JWT_EXPIRE_MINUTES", "30", "Accounts:AccessTokenMinutes", "30")]
    [InlineData("ACCESS_TOKEN_EXPIRE_MINUTES", "15", "Accounts:AccessTokenMinutes", "15")]
    [InlineData("REFRESH_TOKEN_EXPIRE_DAYS", "9", "Accounts:RefreshTokenDays", "9")]
    [InlineData("JWT_REFRESH_EXPIRE_DAYS", "8", "Accounts:RefreshTokenDays", "8")]
    [InlineData("CORS_ORIGINS", "http://localhost:3000, https://app.example", "Cors:Origins", "http://localhost:3000,https://app.example")]
    [InlineData("CORS_ORIGINS", """["http://localhost:3000","https://app.example"]""", "Cors:Origins", "http://localhost:3000,https://app.example")]
    [InlineData("DEFAULT_RATE_LIMIT", "100", "RateLimits:AnonymousPerMinute", "100")]
    [InlineData("AUTH_RATE_LIMIT", "5", "RateLimits:SignInFailuresPerAccount", "5")]
    [InlineData("EXPORT_RATE_LIMIT", "3", "RateLimits:ExportsPerFiveMinutes", "3")]
    [InlineData("OCR_RATE_LIMIT", "30", "RateLimits:OcrPerMinute", "30")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317", "Telemetry:OtlpEndpoint", "http://collector:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "api-key=x", "Telemetry:OtlpHeaders", "api-key=x")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf", "Telemetry:OtlpProtocol", "http/protobuf")]
    [InlineData("OTEL_SERVICE_NAME", "readings", "Telemetry:ServiceName", "readings")]
    [InlineData("DATABASE_URL", "sqlite:///./accuread.db", "Database:Provider", "sqlite")]
    [InlineData("DATABASE_URL", "postgresql+asyncpg://u:p@h/d", "Database:Provider", "postgres")]
    [InlineData("S3_ENDPOINT_URL", "http://minio:9000", "Storage:S3:Endpoint", "http://minio:9000")]
    [InlineData("S3_ACCESS_KEY", "key", "Storage:S3:AccessKey", "key")]
    [InlineData("S3_SECRET_KEY", "secret", "Storage:S3:SecretKey", "secret")]
    [InlineData("S3_BUCKET_NAME", "photos", "Storage:S3:Bucket", "photos")]
    [InlineData("UPLOAD_DIR", "/srv/uploads", "Storage:Folder", "/srv/uploads")]
    [InlineData("MAX_FILE_SIZE", "10485760", "Photos:MaximumBytes", "10485760")]
    [InlineData("MAX_FILE_SIZE", "10485760", "Photos:DocumentBytes", "10485760")]
    [InlineData("JWT_ALGORITHM", "HS256", "Accounts:SigningKey", null)]
    public void An_alias_sets_what_it_stands_for(string name, string value, string key, string? effective) =>
        Assert.Equal(effective, Configured((name, value))[key]);

    [Fact]
    public void Every_alias_that_sets_something_has_such_a_row()
    {
        var rows = GetType().GetMethod(nameof(An_alias_sets_what_it_stands_for))!.GetCustomAttributes(typeof(InlineDataAttribute), false).Cast<InlineDataAttribute>().Select(row => (string)row.Data[0]!).ToHashSet();
        Assert.Equal([], SeedAliases.All.Where(alias => alias.Keys.Count > 0 && !rows.Contains(alias.Name)).Select(alias => alias.Name));
    }

    [Fact]
    public void Every_alias_without_a_setting_says_so()
    {
        var silent = SeedAliases.All.Where(alias => alias.Keys.Count == 0).Where(alias => Read((alias.Name, "something")).Notices is not [var notice] || !notice.StartsWith($"{alias.Name} has no effect", StringComparison.Ordinal));
        Assert.Equal([], silent.Select(alias => alias.Name));
    }

    [Theory]
    [InlineData("postgres://ann:p%40ss%2Fw%25rd@db.example:6543/meters", "db.example", 6543, "meters", "ann", "p@ss/w%rd")]
    [InlineData("postgresql://postgres:postgres123@localhost:5432/meter_reading", "localhost", 5432, "meter_reading", "postgres", "postgres123")]
    [InlineData("postgresql+psycopg2://ann:a:b@c@h/d", "h", 5432, "d", "ann", "a:b@c")]
    [InlineData("postgres://ann@[::1]:5433/d", "::1", 5433, "d", "ann", null)]
    [InlineData("postgresql:///d?host=/var/run/postgresql&user=ann", "/var/run/postgresql", 5432, "d", "ann", null)]
    public void A_postgres_address_is_taken_apart(string url, string host, int port, string database, string user, string? password)
    {
        var connection = new NpgsqlConnectionStringBuilder(ServerConfiguration.StoreOf(Configured(("DATABASE_URL", url))).ConnectionString);
        Assert.Equal((host, port, database, user, password), (connection.Host, connection.Port, connection.Database, connection.Username, connection.Password));
    }

    [Fact]
    public void Options_of_a_postgres_address_count_and_foreign_ones_are_told()
    {
        var reading = Read(("DATABASE_URL", "postgres://u:p@h/d?sslmode=verify-full&connect_timeout=7&application_name=field%20app&pool_size=5&se-cret"));
        var connection = new NpgsqlConnectionStringBuilder(reading.Settings["Database:ConnectionString"]);
        Assert.Equal((SslMode.VerifyFull, 7, "field app"), (connection.SslMode, connection.Timeout, connection.ApplicationName));
        Assert.Equal(["DATABASE_URL has an option that has no effect: pool_size.", "DATABASE_URL has an option that has no effect."], reading.Notices);
    }

    [Theory]
    [InlineData("mysql://root:hunter2secret@h/d")]
    [InlineData("hunter2secret")]
    [InlineData("postgres://u:hunter2secret@h:port/d")]
    [InlineData("postgres://u:hunter2secret@h:99999/d")]
    [InlineData("postgres://u:hunter2/secret@h/d")]
    [InlineData("postgres://u:hunter2%secret@h/d")]
    [InlineData("postgres://u:hunter2secret@/d")]
    [InlineData("postgres://u:hunter2secret@h/d?sslmode=hunter2secret")]
    [InlineData("postgres://u:hunter2secret@h/d?connect_timeout=soon")]
    public void A_bad_database_address_is_refused_without_showing_its_password(string url)
    {
        var refusal = Assert.Throws<StartRefusedException>(() => Read(("DATABASE_URL", url)));
        Assert.StartsWith("The variable DATABASE_URL ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("JWT_EXPIRATION_HOURS", "soon")]
    [InlineData("JWT_EXPIRATION_HOURS", "0.001")]
    [InlineData("JWT_EXPIRE_MINUTES", "-5")]
    [InlineData("REFRESH_TOKEN_EXPIRE_DAYS", "7 days")]
    [InlineData("DEFAULT_RATE_LIMIT", "1e3")]
    [InlineData("CORS_ORIGINS", "[\"http://localhost:3000\"")]
    [InlineData("CORS_ORIGINS", "[1]")]
    public void A_value_that_cannot_be_read_is_refused_by_the_variables_name(string name, string value) =>
        Assert.Contains(name, Assert.Throws<StartRefusedException>(() => Read((name, value))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("*")]
    [InlineData("app:*")]
    [InlineData("release")]
    public void What_other_programs_write_into_DEBUG_is_told_and_breaks_nothing(string value)
    {
        var reading = Read(("DEBUG", value), ("HOST", "0.0.0.0"), ("PORT", "http"));
        Assert.Empty(reading.Settings);
        Assert.Contains("DEBUG", Assert.Single(reading.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_aliases_that_contradict_each_other_are_refused_with_both_names()
    {
        var refusal = Assert.Throws<StartRefusedException>(() => Read(("JWT_SECRET", Key), ("SECRET_KEY", Key + "x")));
        Assert.Contains("JWT_SECRET and SECRET_KEY", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, refusal.Message, StringComparison.Ordinal);
        Assert.Equal("60", Read(("JWT_EXPIRATION_HOURS", "1"), ("JWT_EXPIRE_MINUTES", "60")).Settings["Accounts:AccessTokenMinutes"]);
    }

    [Fact]
    public void Our_own_names_win_even_over_an_alias_that_cannot_be_read()
    {
        var reading = Read(("JWT_EXPIRE_MINUTES", "soon"), ("METERSYNC__accounts__accesstokenminutes", "20"));
        Assert.Empty(reading.Settings);
        Assert.Contains("JWT_EXPIRE_MINUTES has no effect", Assert.Single(reading.Notices), StringComparison.Ordinal);
        Assert.Empty(AliasReading.Of(Variables(("CORS_ORIGINS", "[")), ["--Cors:Origins:0=http://a"]).Settings);
    }

    [Fact]
    public void An_empty_variable_is_none() => Assert.Empty(Read(("DATABASE_URL", ""), ("JWT_EXPIRE_MINUTES", "  ")).Settings);

    private static AliasReading Read(params (string Name, string Value)[] variables) => AliasReading.Of(Variables(variables), []);

    private static Dictionary<string, string> Variables(params (string Name, string Value)[] variables) => variables.ToDictionary(variable => variable.Name, variable => variable.Value);

    private static IConfigurationRoot Configured(params (string Name, string Value)[] variables) => new ConfigurationBuilder().AddInMemoryCollection(Read(variables).Settings).Build();
}
