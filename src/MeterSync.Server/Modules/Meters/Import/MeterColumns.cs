using MeterSync.Kernel.Tabular;

namespace MeterSync.Modules.Meters.Import;

/// <summary>The columns a list of meters may have. Made for each file, because the owner's own columns (<c>meta.</c>) differ from file to file.</summary>
internal sealed class MeterColumns
{
    public const string MetadataPrefix = "meta.";

    public MeterColumns(IEnumerable<string> metadataHeadings)
    {
        SerialNumber = Set.Required("serial_number", ColumnKind.Text, "meter_number", "meter_id_code", "serial", "serial_no", "meter_serial", "meter_serial_number", "meter_no", "meter", "zählernummer", "номер лічильника", "заводський номер", "номер счетчика", "заводской номер");
        Type = Set.Required("type", ColumnKind.Text, "meter_type", "kind", "meter_kind", "commodity", "utility", "medium", "zählerart", "тип", "тип лічильника", "тип счетчика");
        Status = Set.Optional("status", ColumnKind.Text, "meter_status", "state", "стан", "статус");
        Priority = Set.Optional("priority", ColumnKind.Text, "пріоритет", "приоритет");
        Address = Set.Optional("address", ColumnKind.Text, "street", "site_address", "street_address", "service_address", "location_address", "adresse", "адреса", "адрес");
        Latitude = Set.Optional("latitude", ColumnKind.Coordinate, "lat", "y", "gps_lat", "широта");
        Longitude = Set.Optional("longitude", ColumnKind.Coordinate, "lng", "lon", "long", "x", "gps_lng", "gps_lon", "довгота", "долгота");
        PositionSource = Set.Optional("position_source", ColumnKind.Text);
        Owner = Set.Optional("owner", ColumnKind.Text, "customer", "client", "consumer", "owner_name", "customer_name", "client_name", "споживач", "абонент", "власник", "потребитель");
        LocationId = Set.Optional("location_id", ColumnKind.Text, "location", "site", "site_id", "premise", "premise_id", "об'єкт", "объект");
        Region = Set.Optional("region", ColumnKind.Text, "region_id", "region_name", "zone", "district", "регіон", "регион", "район");
        Unit = Set.Optional("unit", ColumnKind.Text, "units", "uom", "unit_of_measure", "одиниця", "единица");
        Digits = Set.Optional("digits", ColumnKind.Number, "number_of_digits", "dials", "drums", "розрядність", "разрядность");
        Decimals = Set.Optional("decimals", ColumnKind.Number, "decimal_places", "decimal_digits");
        Multiplier = Set.Optional("multiplier", ColumnKind.Number, "factor", "constant", "meter_constant", "ct_ratio", "коефіцієнт", "коэффициент");
        Quantity = Set.Optional("quantity", ColumnKind.Text);
        Registers = Set.Optional("registers", ColumnKind.Text, "register_labels");
        RegisterLabel = Set.Optional("register", ColumnKind.Text, "register_label");
        ObisCode = Set.Optional("obis_code", ColumnKind.Text, "obis");
        RegisterKind = Set.Optional("register_kind", ColumnKind.Text);
        Direction = Set.Optional("direction", ColumnKind.Text, "flow_direction");
        RemovedAt = Set.Optional("removed_at", ColumnKind.Date, "removed_on", "removal_date");
        InstalledAt = Set.Optional("installed_at", ColumnKind.Date, "installed", "installation_date", "install_date", "installed_on", "дата встановлення", "дата установки");
        ExternalId = Set.Optional("external_id", ColumnKind.Text, "nmi", "ean", "mpan", "eic", "external_ref", "service_point_id");
        TimeZone = Set.Optional("time_zone", ColumnKind.Text, "tz");
        AccessNotes = Set.Optional("access_notes", ColumnKind.Text, "access", "access_instructions");
        HazardNotes = Set.Optional("hazard_notes", ColumnKind.Text, "hazard", "hazards", "warning");
        KeyNumber = Set.Optional("key_number", ColumnKind.Text, "key", "key_no");
        EstimatedTime = Set.Optional("estimated_time", ColumnKind.Number, "estimated_minutes", "visit_minutes");
        RequiresPhoto = Set.Optional("requires_photo", ColumnKind.Text, "photo_required");
        foreach (var heading in metadataHeadings)
        {
            // A heading that means a column already is that column; two that differ by a sign only are told as one twice.
            if (!Set.TryMatch(heading, out _))
            {
                Metadata.Add((heading[MetadataPrefix.Length..].Trim(), Set.Optional(heading, ColumnKind.Text)));
            }
        }
    }

    public ColumnSet Set { get; } = new();

    public TableColumn SerialNumber { get; }

    public TableColumn Type { get; }

    public TableColumn Status { get; }

    public TableColumn Priority { get; }

    public TableColumn Address { get; }

    public TableColumn Latitude { get; }

    public TableColumn Longitude { get; }

    public TableColumn PositionSource { get; }

    public TableColumn Owner { get; }

    public TableColumn LocationId { get; }

    /// <summary>Name or id of a region.</summary>
    public TableColumn Region { get; }

    public TableColumn Unit { get; }

    public TableColumn Digits { get; }

    public TableColumn Decimals { get; }

    public TableColumn Multiplier { get; }

    public TableColumn Quantity { get; }

    /// <summary>What the display calls the registers of a new meter, main one first, between <c>;</c> or <c>/</c>: <c>T1;T2</c>. They share unit, digits, decimals and multiplier.</summary>
    public TableColumn Registers { get; }

    /// <summary>The one register a row is about. Rows of one meter that follow each other with different ones are one meter with several registers.</summary>
    public TableColumn RegisterLabel { get; }

    public TableColumn ObisCode { get; }

    public TableColumn RegisterKind { get; }

    public TableColumn Direction { get; }

    public TableColumn InstalledAt { get; }

    /// <summary>Of a new meter that is in store.</summary>
    public TableColumn RemovedAt { get; }

    public TableColumn ExternalId { get; }

    public TableColumn TimeZone { get; }

    public TableColumn AccessNotes { get; }

    public TableColumn HazardNotes { get; }

    public TableColumn KeyNumber { get; }

    public TableColumn EstimatedTime { get; }

    public TableColumn RequiresPhoto { get; }

    /// <summary>The owner's own columns by the name they get in the metadata.</summary>
    public List<(string Name, TableColumn Column)> Metadata { get; } = [];

    /// <summary>The columns of a file whose rows stand at its headings.</summary>
    public static MeterColumns OfHeader(ITableRows rows)
    {
        var found = new List<string>();
        for (var cell = 0; cell < rows.CellCount; cell++)
        {
            var heading = rows.Cell(cell).Trim().Trim('\uFEFF').Trim();
            if (heading.Length is > 5 and <= 100 && heading.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase) && heading[MetadataPrefix.Length..].ContainsAnyInRange('0', '\uFFFF'))
            {
                found.Add(heading.ToString());
            }
        }

        return new MeterColumns(found);
    }
}
