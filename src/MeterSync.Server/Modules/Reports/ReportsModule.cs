using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Reports.CleanUp;
using MeterSync.Modules.Reports.DownloadExport;
using MeterSync.Modules.Reports.ExportCsv;
using MeterSync.Modules.Reports.ExportExcel;
using MeterSync.Modules.Reports.Exporting;
using MeterSync.Modules.Reports.ExportReport;
using MeterSync.Modules.Reports.GetAgentPerformance;
using MeterSync.Modules.Reports.GetCycleProgressReport;
using MeterSync.Modules.Reports.GetDashboard;
using MeterSync.Modules.Reports.GetExportStatus;
using MeterSync.Modules.Reports.GetHighLow;
using MeterSync.Modules.Reports.GetMeterStatus;
using MeterSync.Modules.Reports.GetMissed;
using MeterSync.Modules.Reports.GetOutOfRoute;
using MeterSync.Modules.Reports.GetReadingsSummary;
using MeterSync.Modules.Reports.GetSkips;
using MeterSync.Modules.Reports.GetTimePerReading;
using MeterSync.Modules.Reports.ListExports;
using MeterSync.Modules.Reports.Store;
using MeterSync.Modules.Reports.Tables;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Reports;

/// <summary>Files for people and other programs: written in the background, fetched by byte, deleted after their days.</summary>
internal sealed class ReportsModule : IModule
{
    public const string Title = "Reports";

    public string Name => Title;

    public IReadOnlyList<GrantedPermission> Permissions => ReportPermissions.All;

    public IJsonTypeInfoResolver Json => ReportsJson.Default;

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ExportOptions>().Bind(configuration.GetSection(ExportOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped<ExportJobs>();
        services.AddScoped<ReadingsTable>();
        services.AddScoped<BillingTable>();
        services.AddScoped<MetersTable>();
        services.AddScoped<AuditTable>();
        services.AddScoped<ReportTable>();
        services.AddScoped<ExportReportHandler>();
        services.AddScoped<ExportTables>();
        services.AddScoped<ExportDesk>();
        services.AddScoped<ReportDesk>();
        services.AddScoped<GetAgentPerformanceHandler>();
        services.AddScoped<GetCycleProgressReportHandler>();
        services.AddScoped<GetDashboardHandler>();
        services.AddScoped<GetHighLowHandler>();
        services.AddScoped<GetMeterStatusHandler>();
        services.AddScoped<GetMissedHandler>();
        services.AddScoped<GetOutOfRouteHandler>();
        services.AddScoped<GetReadingsSummaryHandler>();
        services.AddScoped<GetSkipsHandler>();
        services.AddScoped<GetTimePerReadingHandler>();
        services.AddScoped<IJobHandler, ExportCsvJob>();
        services.AddScoped<IJobHandler, ExportExcelJob>();
        services.AddScoped<IJobHandler, ExportAuditJob>();
        services.AddScoped<ExportCsvHandler>();
        services.AddScoped<ExportExcelHandler>();
        services.AddScoped<GetExportStatusHandler>();
        services.AddScoped<DownloadExportHandler>();
        services.AddScoped<ListExportsHandler>();
        services.AddSingleton<ExportCleanUp>();
        if (configuration["Roles"] is not { } roles || roles.Contains("all", StringComparison.Ordinal) || roles.Contains("worker", StringComparison.Ordinal))
        {
            services.AddHostedService(provider => provider.GetRequiredService<ExportCleanUp>());
        }
    }

    public void ConfigureModel(ModelBuilder model)
    {
    }

    public void MapRoutes(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Exports");
        ExportCsvEndpoint.Map(group);
        ExportExcelEndpoint.Map(group);
        ExportReportEndpoint.Map(group);
        GetExportStatusEndpoint.Map(group);
        DownloadExportEndpoint.Map(group);
        ListExportsEndpoint.Map(group);

        var reports = api.MapGroup("").WithTags("Reports");
        GetAgentPerformanceEndpoint.Map(reports);
        GetCycleProgressReportEndpoint.Map(reports);
        GetDashboardEndpoint.Map(reports);
        GetHighLowEndpoint.Map(reports);
        GetMeterStatusEndpoint.Map(reports);
        GetMissedEndpoint.Map(reports);
        GetOutOfRouteEndpoint.Map(reports);
        GetReadingsSummaryEndpoint.Map(reports);
        GetSkipsEndpoint.Map(reports);
        GetTimePerReadingEndpoint.Map(reports);
    }
}

[JsonSerializable(typeof(ExportCsvRequest))]
[JsonSerializable(typeof(ExportExcelRequest))]
[JsonSerializable(typeof(ExportReportRequest))]
[JsonSerializable(typeof(Envelope<ReportView>))]
[JsonSerializable(typeof(Envelope<ExportView>))]
[JsonSerializable(typeof(Envelope<Page<ExportView>>))]
[JsonSerializable(typeof(Envelope<ExportFile>))]
internal sealed partial class ReportsJson : JsonSerializerContext;
