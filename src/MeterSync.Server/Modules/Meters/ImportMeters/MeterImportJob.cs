using MeterSync.Modules.Meters.Import;
using MeterSync.Modules.Meters.Public;
using MeterSync.Store.Imports;

namespace MeterSync.Modules.Meters.ImportMeters;

internal sealed class MeterImportJob(IMeterImport import) : TableImportJob<MeterImportResult>(import, MeterTables.Kind, MeterImportJson.Default.MeterImportResult)
{
    protected override string MessageOf(MeterImportResult result) => result switch
    {
        { ProblemsTotal: > 0, Created: 0, Updated: 0, Unchanged: 0 } => $"Nothing {(result.DryRun ? "would be" : "was")} imported: {result.ProblemsTotal} problems in {result.Refused} of {result.Rows} rows.",
        { DryRun: true } => $"Would make {result.Created} meters and change {result.Updated}; {result.Unchanged} are as the file says, {result.Refused} rows would be refused.",
        _ => $"{result.Created} meters made, {result.Updated} changed, {result.Unchanged} unchanged, {result.Refused} rows refused.",
    };
}
