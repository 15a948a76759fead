using MeterSync.Host.Telemetry;
using MeterSync.Modules.Accounts;
using MeterSync.Modules.Photos;
using MeterSync.Store;
using MeterSync.Store.Blobs;

namespace MeterSync.Host.Configuration;

/// <summary>Names of settings that other programs gave them, all as environment variables. They rank above metersync.json and below our own names.
/// Names that mean something in programs of every kind (HOST, PORT, LOG_LEVEL ...) are not among them.</summary>
internal static class SeedAliases
{
    private const string SigningKey = $"{AccountOptions.Section}:{nameof(AccountOptions.SigningKey)}";
    private const string AccessTokenMinutes = $"{AccountOptions.Section}:{nameof(AccountOptions.AccessTokenMinutes)}";
    private const string RefreshTokenDays = $"{AccountOptions.Section}:{nameof(AccountOptions.RefreshTokenDays)}";
    private const string PhotoBytes = $"{PhotoOptions.Section}:{nameof(PhotoOptions.MaximumBytes)}";
    private const string DocumentBytes = $"{PhotoOptions.Section}:{nameof(PhotoOptions.DocumentBytes)}";
    private const string Redis = "limits and locks are kept in the process or in the database.";
    private const string Photos = "there is no reading of photos yet.";
    private const string FieldApp = "the field app decides it.";

    public static IReadOnlyList<SeedAlias> All { get; } =
    [
        new(DatabaseUrl.Name, [DatabaseUrl.Provider, DatabaseUrl.ConnectionString], DatabaseUrl.Read),
        Switch("DB_ECHO", $"{StoreOptions.Section}:{nameof(StoreOptions.Echo)}", "true", "false"),
        Switch("DEBUG", "Logging:LogLevel:Default", "Debug", null),

        Text("JWT_SECRET", SigningKey),
        Text("JWT_SECRET_KEY", SigningKey),
        Text("SECRET_KEY", SigningKey),
        new("JWT_EXPIRATION_HOURS", [AccessTokenMinutes], AliasValues.HoursAsMinutes(AccessTokenMinutes)),
        Whole("JWT_EXPIRE_MINUTES", AccessTokenMinutes, "minutes"),
        Whole("ACCESS_TOKEN_EXPIRE_MINUTES", AccessTokenMinutes, "minutes"),
        Whole("REFRESH_TOKEN_EXPIRE_DAYS", RefreshTokenDays, "days"),
        Whole("JWT_REFRESH_EXPIRE_DAYS", RefreshTokenDays, "days"),
        new("JWT_ALGORITHM", [], AliasValues.Fixed("JWT_ALGORITHM", "HS256")),
        new("ALGORITHM", [], AliasValues.Fixed("ALGORITHM", "HS256")),

        new("CORS_ORIGINS", ["Cors:Origins"], AliasValues.List("Cors:Origins")),
        Whole("DEFAULT_RATE_LIMIT", "RateLimits:AnonymousPerMinute", "requests"),
        Whole("AUTH_RATE_LIMIT", "RateLimits:SignInFailuresPerAccount", "failures"),
        Whole("EXPORT_RATE_LIMIT", "RateLimits:ExportsPerFiveMinutes", "exports"),
        Whole("OCR_RATE_LIMIT", "RateLimits:OcrPerMinute", "photos"),

        Text("OTEL_EXPORTER_OTLP_ENDPOINT", $"{TelemetryOptions.Section}:{nameof(TelemetryOptions.OtlpEndpoint)}"),
        Text("OTEL_EXPORTER_OTLP_HEADERS", $"{TelemetryOptions.Section}:{nameof(TelemetryOptions.OtlpHeaders)}"),
        Text("OTEL_EXPORTER_OTLP_PROTOCOL", $"{TelemetryOptions.Section}:{nameof(TelemetryOptions.OtlpProtocol)}"),
        Text("OTEL_SERVICE_NAME", $"{TelemetryOptions.Section}:{nameof(TelemetryOptions.ServiceName)}"),

        Text("S3_ENDPOINT_URL", $"{StorageOptions.Section}:S3:{nameof(S3Options.Endpoint)}"),
        Text("S3_ACCESS_KEY", $"{StorageOptions.Section}:S3:{nameof(S3Options.AccessKey)}"),
        Text("S3_SECRET_KEY", $"{StorageOptions.Section}:S3:{nameof(S3Options.SecretKey)}"),
        Text("S3_BUCKET_NAME", $"{StorageOptions.Section}:S3:{nameof(S3Options.Bucket)}"),
        Text("UPLOAD_DIR", $"{StorageOptions.Section}:{nameof(StorageOptions.Folder)}"),
        new("MAX_FILE_SIZE", [PhotoBytes, DocumentBytes], AliasValues.WholeOfAll("bytes", PhotoBytes, DocumentBytes)),

        Unknown("REDIS_URL", Redis),
        Unknown("REDIS_HOST", Redis),
        Unknown("REDIS_PORT", Redis),
        Unknown("REDIS_DB", Redis),
        Unknown("OCR_MODEL_PATH", Photos),
        Unknown("OCR_CONFIDENCE_THRESHOLD", Photos),
        Unknown("GPU_ENABLED", Photos),
        Unknown("SYNC_INTERVAL_MINUTES", FieldApp),
        Unknown("MAX_RETRY_ATTEMPTS", FieldApp),
        Unknown("API_BASE_URL", "it tells a client where the server is, and the server nothing."),
        new("API_V1_STR", [], AliasValues.Fixed("API_V1_STR", "/api/v1")),
        Unknown("PROJECT_NAME", "the program keeps its name."),
    ];

    private static SeedAlias Text(string name, string key) => new(name, [key], AliasValues.Text(key));

    private static SeedAlias Whole(string name, string key, string unit) => new(name, [key], AliasValues.Whole(key, unit));

    private static SeedAlias Switch(string name, string key, string on, string? off) => new(name, [key], AliasValues.Switch(name, key, on, off));

    private static SeedAlias Unknown(string name, string instead) => new(name, [], AliasValues.Unknown(name, instead));
}
