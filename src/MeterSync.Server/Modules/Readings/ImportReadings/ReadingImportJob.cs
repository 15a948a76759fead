using MeterSync.Modules.Readings.Import;
using MeterSync.Modules.Readings.Public;
using MeterSync.Store.Imports;

namespace MeterSync.Modules.Readings.ImportReadings;

internal sealed class ReadingImportJob(IReadingImport import) : TableImportJob<ReadingImportResult>(import, ReadingTables.Kind, ReadingImportJson.Default.ReadingImportResult)
{
    protected override string MessageOf(ReadingImportResult result) => result switch
    {
        { DryRun: false, Applied: false } => $"Nothing was imported: {result.ProblemsTotal} problems in {result.Refused} of {result.Rows} rows.",
        { DryRun: true, Created: 0, Unchanged: 0, ProblemsTotal: > 0 } => $"Nothing would be imported: {result.ProblemsTotal} problems in {result.Refused} of {result.Rows} rows.",
        { DryRun: true } => $"Would import {result.Created} values, {result.Held} of them held; {result.Unchanged} are there already, {result.Refused} rows would be refused.",
        _ => $"{result.Created} values imported, {result.Held} of them held; {result.Unchanged} were there already, {result.Refused} rows refused.",
    };
}
