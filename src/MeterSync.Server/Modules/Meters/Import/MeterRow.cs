using MeterSync.Kernel;
using MeterSync.Kernel.Tabular;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Domain;
using MeterSync.Modules.Meters.Requests;

namespace MeterSync.Modules.Meters.Import;

/// <summary>One row of a list of meters as it was written. Null where the cell is empty or the file has no such column.</summary>
internal sealed class MeterRow
{
    private const int ObisCodeLength = 30;
    private static readonly char[] LabelSeparators = [';', '/'];

    public required int Row { get; init; }

    public required string SerialNumber { get; init; }

    public required MeterType Type { get; init; }

    public MeterStatus? Status { get; init; }

    public MeterPriority? Priority { get; init; }

    public string? Address { get; init; }

    public double? Latitude { get; init; }

    public double? Longitude { get; init; }

    public PositionProvenance? PositionSource { get; init; }

    public string? Owner { get; init; }

    public string? LocationId { get; init; }

    public RegionId? Region { get; init; }

    public string? Unit { get; init; }

    public string? Quantity { get; init; }

    public int? Digits { get; init; }

    public int? Decimals { get; init; }

    public decimal? Multiplier { get; init; }

    /// <summary>The one register the row is about; null for the main one.</summary>
    public string? RegisterLabel { get; init; }

    public string? ObisCode { get; init; }

    public RegisterKind? RegisterKind { get; init; }

    public FlowDirection? Direction { get; init; }

    public DateTimeOffset? InstalledAt { get; init; }

    /// <summary>Of a meter in store.</summary>
    public DateTimeOffset? RemovedAt { get; init; }

    /// <summary>The rows after this one about further registers of the same meter.</summary>
    public List<MeterRow> Further { get; } = [];

    public string? ExternalId { get; init; }

    public string? TimeZone { get; init; }

    public string? AccessNotes { get; init; }

    public string? HazardNotes { get; init; }

    public string? KeyNumber { get; init; }

    public int? EstimatedMinutes { get; init; }

    public bool? RequiresPhoto { get; init; }

    /// <summary>Something is said about where the meter is.</summary>
    public bool NamesPlace =>
        Address is not null || Latitude is not null || Owner is not null || LocationId is not null || Region is not null || ExternalId is not null
        || TimeZone is not null || AccessNotes is not null || HazardNotes is not null || KeyNumber is not null;

    /// <summary>The filled cells of the owner's own columns.</summary>
    public IReadOnlyList<(string Name, string Value)> Metadata { get; init; } = [];

    /// <summary>Labels of a new meter's registers, main one first; empty for one register with its usual label. A known meter keeps its registers.</summary>
    public IReadOnlyList<string> Registers { get; init; } = [];

    public bool DescribesRegister => Unit is not null || Quantity is not null || Digits is not null || Decimals is not null || Multiplier is not null;

    /// <summary>Takes the next row in, where it is about another register of this meter and says nothing else of the meter.</summary>
    public bool TryTake(MeterRow next)
    {
        if (next.SerialNumber != SerialNumber || RegisterLabel is null || next.RegisterLabel is not { } label || Registers.Count + next.Registers.Count > 0
            || Further.Count + 1 >= RegisterLimits.MaximumRegisters || Further.Append(this).Any(row => string.Equals(row.RegisterLabel, label, StringComparison.OrdinalIgnoreCase)) || next.Contradicts(this))
        {
            return false;
        }

        Further.Add(next);
        return true;
    }

    private bool Contradicts(MeterRow first) =>
        Type != first.Type
        || Differs(Status, first.Status) || Differs(Priority, first.Priority) || Differs(Address, first.Address) || Differs(Owner, first.Owner) || Differs(LocationId, first.LocationId)
        || Differs(ExternalId, first.ExternalId) || Differs(Region, first.Region) || Differs(Latitude, first.Latitude) || Differs(Longitude, first.Longitude);

    private static bool Differs<T>(T said, T first) => said is not null && !EqualityComparer<T>.Default.Equals(said, first);

    /// <summary>Reads the row the reader stands at; null where it has a problem, which the reader keeps.</summary>
    public static MeterRow? Read(TableReader reader, MeterColumns columns, ImportRegions regions)
    {
        var serial = reader.Identifier(columns.SerialNumber, MeterLimits.SerialNumber);
        var type = reader.Choice(columns.Type, MeterWords.Types);
        var (latitude, longitude) = (reader.Latitude(columns.Latitude), reader.Longitude(columns.Longitude));
        var row = new MeterRow
        {
            Row = reader.Row,
            SerialNumber = serial ?? "",
            Type = type ?? default,
            Status = reader.Choice(columns.Status, MeterWords.Statuses),
            Priority = reader.Choice(columns.Priority, MeterWords.Priorities),
            Address = reader.Text(columns.Address, MeterLimits.Address, allowLines: true),
            Latitude = latitude,
            Longitude = longitude,
            PositionSource = reader.Choice(columns.PositionSource, MeterWords.PositionSources),
            Owner = reader.Text(columns.Owner, MeterLimits.Owner),
            LocationId = reader.Identifier(columns.LocationId, MeterLimits.Word),
            Region = RegionOf(reader, columns, regions),
            Unit = reader.Text(columns.Unit, 20),
            Quantity = reader.Text(columns.Quantity, 20),
            Registers = reader.Text(columns.Registers, RegisterLimits.MaximumRegisters * (RegisterLimits.LabelLength + 1)) is { } labels ? labels.Split(LabelSeparators, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [],
            Digits = (int?)reader.WholeNumber(columns.Digits, 1, RegisterLimits.MaximumDigits),
            Decimals = (int?)reader.WholeNumber(columns.Decimals, 0, RegisterLimits.MaximumDecimals),
            Multiplier = reader.Decimal(columns.Multiplier, 0.000001m, (decimal)RegisterLimits.MaximumMultiplier),
            RegisterLabel = reader.Text(columns.RegisterLabel, RegisterLimits.LabelLength),
            ObisCode = reader.Text(columns.ObisCode, ObisCodeLength),
            RegisterKind = reader.Choice(columns.RegisterKind, MeterWords.RegisterKinds),
            Direction = reader.Choice(columns.Direction, MeterWords.Directions),
            InstalledAt = reader.Instant(columns.InstalledAt),
            RemovedAt = reader.Instant(columns.RemovedAt),
            ExternalId = reader.Identifier(columns.ExternalId, MeterLimits.Word),
            TimeZone = reader.Text(columns.TimeZone, MeterLimits.Word),
            AccessNotes = reader.Text(columns.AccessNotes, MeterLimits.Notes, allowLines: true),
            HazardNotes = reader.Text(columns.HazardNotes, MeterLimits.Notes, allowLines: true),
            KeyNumber = reader.Text(columns.KeyNumber, MeterLimits.Word),
            EstimatedMinutes = (int?)reader.WholeNumber(columns.EstimatedTime, 1, MeterLimits.EstimatedMinutes),
            RequiresPhoto = reader.YesNo(columns.RequiresPhoto),
            Metadata = columns.Metadata.Count == 0 ? [] : ReadMetadata(reader, columns),
        };
        row.CheckTogether(reader, columns, isUnread: (latitude is null && !reader.Cell(columns.Latitude).IsWhiteSpace()) || (longitude is null && !reader.Cell(columns.Longitude).IsWhiteSpace()));
        return reader.RowIsRefused ? null : row;
    }

    private static RegionId? RegionOf(TableReader reader, MeterColumns columns, ImportRegions regions)
    {
        if (reader.Text(columns.Region, RegionLimits.Name) is not { } word)
        {
            return null;
        }

        var found = regions.Find(word);
        if (found is null)
        {
            reader.Refuse(columns.Region, MeterProblems.RowRegionUnknown, $"There is no region \"{word}\".");
        }

        return found;
    }

    private void CheckTogether(TableReader reader, MeterColumns columns, bool isUnread)
    {
        if (!isUnread && (Latitude is null) != (Longitude is null))
        {
            reader.Refuse(Latitude is null ? columns.Latitude : columns.Longitude, MeterProblems.RowPositionIncomplete, "A position needs both latitude and longitude.");
        }

        if (RemovedAt is not null && (NamesPlace || InstalledAt is not null))
        {
            reader.Refuse(columns.RemovedAt, MeterProblems.RowInStore, $"The meter {SerialNumber} is said to be in store and at a place at once. Leave removed_at empty, or the fields of the place.");
        }

        if (Multiplier is { } multiplier && !SixDecimalsAttribute.Fits(multiplier))
        {
            reader.Refuse(columns.Multiplier, ImportCodes.OutOfRange, $"\"{multiplier}\" has more than six decimals.");
        }

        if (TimeZone is { } zone && !TimeZoneNameAttribute.IsKnown(zone))
        {
            reader.Refuse(columns.TimeZone, ImportCodes.UnknownValue, $"\"{(zone.Length > 40 ? zone[..40] : zone)}\" is no time zone of the IANA database, such as Europe/Kyiv.");
        }

        if (Registers.Count > RegisterLimits.MaximumRegisters || Registers.Any(label => label.Length > RegisterLimits.LabelLength) || Registers.Distinct(StringComparer.OrdinalIgnoreCase).Count() < Registers.Count)
        {
            reader.Refuse(columns.Registers, ImportCodes.UnknownValue, $"At most {RegisterLimits.MaximumRegisters} labels between ; or /, none twice, each of at most {RegisterLimits.LabelLength} characters.");
        }

        if (Quantity is { } quantity && !quantity.All(character => char.IsAsciiLetterOrDigit(character) || character == '_'))
        {
            reader.Refuse(columns.Quantity, ImportCodes.UnknownValue, $"\"{quantity}\" is no quantity such as kwh or m3.");
        }
    }

    private static List<(string, string)> ReadMetadata(TableReader reader, MeterColumns columns)
    {
        var filled = new List<(string, string)>();
        foreach (var (name, column) in columns.Metadata)
        {
            if (reader.Text(column, MeterLimits.Notes, allowLines: true) is { } value)
            {
                filled.Add((name, value));
            }
        }

        return filled;
    }
}
