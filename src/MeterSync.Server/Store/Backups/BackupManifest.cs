using System.Text.Json.Serialization;

namespace MeterSync.Store.Backups;

/// <summary>What a backup says of itself, first in its file.</summary>
/// <param name="Format">Of the file; a program reads those up to its own.</param>
/// <param name="Product">metersync.</param>
/// <param name="Id">Of this backup.</param>
/// <param name="Version">Of the program that made it.</param>
/// <param name="Provider">sqlite or postgres.</param>
/// <param name="CreatedAt">When the snapshot was taken: what was committed before it is in it.</param>
/// <param name="Epoch">The life of the data it was taken from.</param>
/// <param name="EpochId">Likewise.</param>
/// <param name="DatabaseBytes">What the database took on the disk.</param>
/// <param name="Schema">What had been applied to the database, in order.</param>
/// <param name="Tables">The product's tables.</param>
/// <param name="HasFiles">Whether photos and other stored files are in it.</param>
internal sealed record BackupManifest(
    int Format,
    string Product,
    Guid Id,
    string Version,
    string Provider,
    DateTimeOffset CreatedAt,
    int Epoch,
    Guid EpochId,
    long DatabaseBytes,
    IReadOnlyList<SchemaStep> Schema,
    IReadOnlyList<BackupTable> Tables,
    bool HasFiles);

/// <param name="Number">Of the migration.</param>
/// <param name="Name">Likewise.</param>
/// <param name="Checksum">Of its SQL.</param>
internal sealed record SchemaStep(int Number, string Name, string Checksum);

/// <param name="Name">Of the table.</param>
/// <param name="Rows">In the snapshot.</param>
/// <param name="Columns">In the order of the rows' values; empty on SQLite, where the whole database file is in the backup.</param>
internal sealed record BackupTable(string Name, long Rows, IReadOnlyList<string> Columns);

/// <summary>What is in a backup, last in its file. Stored files are not listed: each is named by the hash of its content.</summary>
/// <param name="Parts">In the order they stand in the file.</param>
/// <param name="FileCount">Stored files.</param>
/// <param name="FileBytes">All of them together.</param>
/// <param name="DamagedFiles">Hashes of stored files whose content was something else when the backup was made, and which are not in it.</param>
/// <param name="MissingFiles">Hashes of stored files that the rows use and that were not there.</param>
internal sealed record BackupContents(IReadOnlyList<BackupPart> Parts, long FileCount, long FileBytes, IReadOnlyList<string> DamagedFiles, IReadOnlyList<string> MissingFiles);

/// <param name="Name">In the file.</param>
/// <param name="Bytes">Of the content as it stands there.</param>
/// <param name="Sha256">Likewise, hex.</param>
internal sealed record BackupPart(string Name, long Bytes, string Sha256);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, UseStringEnumConverter = true, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(BackupManifest))]
[JsonSerializable(typeof(BackupContents))]
[JsonSerializable(typeof(RestoreJournal))]
internal sealed partial class BackupJson : JsonSerializerContext;
