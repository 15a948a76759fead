namespace MeterSync.Bench.Field.Phones;

/// <summary>One item as it was frozen at the tap.</summary>
/// <param name="ClientId">Made by the phone.</param>
/// <param name="Bytes">JSON of the item as it is sent, every time the same.</param>
/// <param name="MeterId">Of the meter it reads.</param>
/// <param name="Value">Of its register.</param>
/// <param name="CapturedAt">By the true clock, which the phone does not know.</param>
/// <param name="ContentHash">What the server's receipts commit to, computed by the rules of docs/sync.md.</param>
/// <param name="PhotoHashes">SHA-256 of its photos, hex.</param>
/// <param name="IsBad">It names a meter that does not exist, and must be refused.</param>
internal sealed record FrozenItem(Guid ClientId, byte[] Bytes, string MeterId, decimal Value, DateTimeOffset CapturedAt, byte[] ContentHash, IReadOnlyList<string> PhotoHashes, bool IsBad);

/// <summary>What the server gave for an item.</summary>
/// <param name="Epoch">In which it was given: what was given in another epoch is to be sent again.</param>
internal sealed record GivenReceipt(string Epoch, long ServerSeq, string Chain, string Mac, string ServerId);

/// <summary>An item with the last receipt; null where there is none.</summary>
internal sealed record OutboxItem(FrozenItem Item, GivenReceipt? Receipt);

/// <param name="Sha256">Hex.</param>
/// <param name="ClientId">Of its reading.</param>
/// <param name="File">Where the phone keeps it.</param>
/// <param name="PhotoId">The server's id; null before it was asked.</param>
/// <param name="UploadUrl">Where it goes in one piece.</param>
/// <param name="ResumableUrl">Where it goes in many.</param>
/// <param name="Headers">JSON object of what goes along in one piece.</param>
/// <param name="DoneEpoch">In which the server said that it has all of it.</param>
internal sealed record OutboxPhoto(string Sha256, Guid ClientId, string File, int Size, string? PhotoId, string? UploadUrl, string? ResumableUrl, string? Headers, string? DoneEpoch);

/// <summary>One thing the server told the phone of.</summary>
internal sealed record PulledChange(string Entity, string Id, int Version, bool IsDeleted);
