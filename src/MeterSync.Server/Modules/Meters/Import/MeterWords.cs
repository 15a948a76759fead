using MeterSync.Kernel.Tabular;
using MeterSync.Metering;
using MeterSync.Modules.Meters.Domain;

namespace MeterSync.Modules.Meters.Import;

/// <summary>The words that lists of meters use.</summary>
internal static class MeterWords
{
    public static readonly ChoiceList<MeterType> Types = new(
        (MeterType.Electric, ["electric", "electricity", "electrical", "power", "elec", "el", "e", "strom", "électricité", "electricidad", "prąd", "електро", "електрика", "електроенергія", "електричний", "электро", "электричество", "электроэнергия", "электрический"]),
        (MeterType.Water, ["water", "cold water", "hot water", "w", "wasser", "kaltwasser", "warmwasser", "eau", "agua", "woda", "вода", "холодна вода", "гаряча вода", "холодная вода", "горячая вода", "хвп", "гвп", "хвс", "гвс"]),
        (MeterType.Gas, ["gas", "natural gas", "g", "erdgas", "gaz", "газ", "природний газ", "природный газ"]),
        (MeterType.Heat, ["heat", "heating", "thermal", "district heating", "h", "wärme", "fernwärme", "chaleur", "calor", "ciepło", "тепло", "теплова енергія", "опалення", "отопление", "тепловая энергия"]));

    public static readonly ChoiceList<MeterStatus> Statuses = new(
        (MeterStatus.Active, ["active", "in use", "in service", "on", "aktiv", "активний", "активный", "діючий", "действующий"]),
        (MeterStatus.Inactive, ["inactive", "disconnected", "off", "inaktiv", "неактивний", "неактивный", "відключений", "отключен"]),
        (MeterStatus.Maintenance, ["maintenance", "repair", "in repair", "ремонт", "в ремонті", "в ремонте", "повірка", "поверка"]),
        (MeterStatus.OutOfService, ["out_of_service", "removed", "broken", "retired", "знятий", "снят", "несправний", "неисправен"]));

    public static readonly ChoiceList<MeterPriority> Priorities = new(
        (MeterPriority.Low, ["low", "низький", "низкий"]),
        (MeterPriority.Medium, ["medium", "normal", "середній", "средний"]),
        (MeterPriority.High, ["high", "високий", "высокий"]),
        (MeterPriority.Critical, ["critical", "urgent", "критичний", "критический"]));

    public static readonly ChoiceList<RegisterKind> RegisterKinds = new(
        (RegisterKind.Cumulative, ["cumulative"]),
        (RegisterKind.MaximumDemand, ["maximum_demand", "demand"]),
        (RegisterKind.Instantaneous, ["instantaneous"]));

    public static readonly ChoiceList<FlowDirection> Directions = new(
        (FlowDirection.Import, ["import"]),
        (FlowDirection.Export, ["export"]));

    public static readonly ChoiceList<PositionProvenance> PositionSources = new(
        (PositionProvenance.Surveyed, ["surveyed", "gps", "measured"]),
        (PositionProvenance.Geocoded, ["geocoded", "address"]),
        (PositionProvenance.Unknown, ["unknown"]));
}
