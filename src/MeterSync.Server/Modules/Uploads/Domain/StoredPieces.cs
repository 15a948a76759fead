using System.Globalization;

namespace MeterSync.Modules.Uploads.Domain;

/// <summary>One object that holds a part of a file.</summary>
/// <param name="Bytes">How many.</param>
/// <param name="Name">Of no other piece of its upload, also not of one that another process wrote and that never counted.</param>
internal sealed record StoredPiece(long Bytes, string Name);

/// <summary>The objects of an upload in the order of the file, as its row keeps them: <c>1048576:name,400:name</c>.</summary>
internal static class StoredPieces
{
    public static IReadOnlyList<StoredPiece> Read(string? text) =>
        text is null ? [] : [.. text.Split(',').Select(one => one.Split(':')).Select(parts => new StoredPiece(long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]))];

    public static string Append(string? text, StoredPiece piece) =>
        string.Create(CultureInfo.InvariantCulture, $"{text}{(text is null ? "" : ",")}{piece.Bytes}:{piece.Name}");
}
