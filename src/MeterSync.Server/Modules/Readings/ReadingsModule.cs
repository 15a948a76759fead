using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Readings.CorrectReading;
using MeterSync.Modules.Readings.CreateReading;
using MeterSync.Modules.Readings.Estimates;
using MeterSync.Modules.Readings.ExchangeMeter;
using MeterSync.Modules.Readings.Field;
using MeterSync.Modules.Readings.GetReading;
using MeterSync.Modules.Readings.GetReadingImport;
using MeterSync.Modules.Readings.GetReadingImportResult;
using MeterSync.Modules.Readings.GetReadingImportTemplate;
using MeterSync.Modules.Readings.Import;
using MeterSync.Modules.Readings.ImportReadings;
using MeterSync.Modules.Readings.ListMeterExchanges;
using MeterSync.Modules.Readings.ListMeterReadings;
using MeterSync.Modules.Readings.ListReadings;
using MeterSync.Modules.Readings.ListReReads;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Readings.Recording;
using MeterSync.Modules.Readings.RejectReading;
using MeterSync.Modules.Readings.RequestReRead;
using MeterSync.Modules.Readings.Store;
using MeterSync.Modules.Readings.UndoMeterExchange;
using MeterSync.Modules.Readings.UndoReadingImport;
using MeterSync.Modules.Readings.UpdateReading;
using MeterSync.Modules.Readings.VerifyReading;
using MeterSync.Store;
using MeterSync.Store.Imports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MeterSync.Modules.Readings;

/// <summary>Readings taken, validated, verified, corrected and estimated; meters exchanged with a last and a first reading.</summary>
internal sealed class ReadingsModule : IModule
{
    public const string Title = "Readings";

    public string Name => Title;

    public IReadOnlyList<GrantedPermission> Permissions => ReadingPermissions.All;

    public IJsonTypeInfoResolver Json => ReadingsJson.Default;

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<ReadingQueries>();
        services.AddSingleton<CappedTotals>();
        services.AddScoped<JudgeReadings>();
        services.AddScoped<PlacePasts>();
        services.AddScoped<TypicalUse>();
        services.AddScoped<IRegisterLimits, RegisterLimits>();
        services.AddScoped<IFieldReadings, FieldReadings>();
        services.AddScoped<IEstimates, MeterEstimates>();
        services.AddScoped<NewestValues>();
        services.AddScoped<OpenLedgers>();
        services.AddScoped<RecordReadings>();
        services.AddScoped<IFieldEntity, BroughtReadings>();
        services.AddScoped<OpenReading>();
        services.AddScoped<ReadingNotes>();
        services.AddScoped<CorrectValues>();
        services.AddScoped<DecideReadings>();
        services.AddScoped<IReadingDecisions>(provider => provider.GetRequiredService<DecideReadings>());
        services.AddScoped<IEvidenceBook, EvidenceBook>();
        services.AddScoped<ReReadRequests>();
        services.AddScoped<IReReads>(provider => provider.GetRequiredService<ReReadRequests>());
        services.AddScoped<ReadingList>();
        services.AddScoped<IPersonalData, ReadingPersonalData>();
        services.AddScoped<SqliteReadingPages>();
        services.AddScoped<PostgresReadingPages>();
        services.AddSingleton<KnownTotals>();
        services.AddScoped<IReadingPages>(provider => provider.GetRequiredService<IOptions<StoreOptions>>().Value.Kind == StoreProvider.Postgres
            ? provider.GetRequiredService<PostgresReadingPages>()
            : provider.GetRequiredService<SqliteReadingPages>());
        services.AddScoped<CreateReadingHandler>();
        services.AddScoped<ListReadingsHandler>();
        services.AddScoped<ListMeterReadingsHandler>();
        services.AddScoped<GetReadingHandler>();
        services.AddScoped<UpdateReadingHandler>();
        services.AddScoped<VerifyReadingHandler>();
        services.AddScoped<RejectReadingHandler>();
        services.AddScoped<CorrectReadingHandler>();
        services.AddScoped<RequestReReadHandler>();
        services.AddScoped<ListReReadsHandler>();
        services.AddScoped<ExchangeMeterHandler>();
        services.AddScoped<ListMeterExchangesHandler>();
        services.AddScoped<UndoMeterExchangeHandler>();
        services.AddScoped<IReadingImport, ReadingImport>();
        services.AddScoped<IJobHandler, ReadingImportJob>();
        services.AddScoped<ImportReadingsHandler>();
        services.AddScoped<GetReadingImportHandler>();
        services.AddScoped<GetReadingImportResultHandler>();
        services.AddScoped<UndoReadingImportHandler>();
        services.AddSingleton<IReadingLedger, ReadingLedger>();
        services.AddSingleton<ReadingLedgerSource>(provider => provider.GetRequiredService<IOptions<StoreOptions>>().Value.Kind == StoreProvider.Sqlite
            ? ActivatorUtilities.CreateInstance<ReadingLedgerSqlite>(provider)
            : ActivatorUtilities.CreateInstance<ReadingLedgerPostgres>(provider));
    }

    public void ConfigureModel(ModelBuilder model) => ReadingMapping.Configure(model);

    public void MapRoutes(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Readings");
        CreateReadingEndpoint.Map(group);
        ListReadingsEndpoint.Map(group);
        ListMeterReadingsEndpoint.Map(group);
        GetReadingEndpoint.Map(group);
        UpdateReadingEndpoint.Map(group);
        VerifyReadingEndpoint.Map(group);
        RejectReadingEndpoint.Map(group);
        CorrectReadingEndpoint.Map(group);
        RequestReReadEndpoint.Map(group);
        ListReReadsEndpoint.Map(group);
        ImportReadingsEndpoint.Map(group);
        GetReadingImportEndpoint.Map(group);
        GetReadingImportResultEndpoint.Map(group);
        GetReadingImportTemplateEndpoint.Map(group);
        UndoReadingImportEndpoint.Map(group);

        var exchanges = api.MapGroup("").WithTags("Meters");
        ExchangeMeterEndpoint.Map(exchanges);
        ListMeterExchangesEndpoint.Map(exchanges);
        UndoMeterExchangeEndpoint.Map(exchanges);
    }
}

[JsonSerializable(typeof(CreateReadingRequest))]
[JsonSerializable(typeof(ExchangeMeterRequest))]
[JsonSerializable(typeof(Envelope<MeterExchangeView>))]
[JsonSerializable(typeof(Envelope<Page<MeterExchangeView>>))]
[JsonSerializable(typeof(UpdateReadingRequest))]
[JsonSerializable(typeof(ReadingNotesRequest))]
[JsonSerializable(typeof(VerifyReadingRequest))]
[JsonSerializable(typeof(RejectReadingRequest))]
[JsonSerializable(typeof(CorrectReadingRequest))]
[JsonSerializable(typeof(RequestReReadRequest))]
[JsonSerializable(typeof(Envelope<ReReadView>))]
[JsonSerializable(typeof(Envelope<Page<ReReadView>>))]
[JsonSerializable(typeof(Envelope<ReadingView>))]
[JsonSerializable(typeof(Envelope<Page<ReadingView>>))]
[JsonSerializable(typeof(Envelope<ReadingImportUndoneView>))]
[JsonSerializable(typeof(ImportForm))]
[JsonSerializable(typeof(Envelope<ImportFile>))]
internal sealed partial class ReadingsJson : JsonSerializerContext;
