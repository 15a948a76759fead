using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MeterSync.Kernel;
using MeterSync.Kernel.Reporting;
using MeterSync.Kernel.Telemetry;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Meters.Public;
using MeterSync.Modules.Readings.Public;
using MeterSync.Modules.Workforce.ApproveRequest;
using MeterSync.Modules.Workforce.AssignMeters;
using MeterSync.Modules.Workforce.CloseFollowUp;
using MeterSync.Modules.Workforce.CloseReadCycle;
using MeterSync.Modules.Workforce.CreateAgent;
using MeterSync.Modules.Workforce.CreateApproval;
using MeterSync.Modules.Workforce.CreateAssignment;
using MeterSync.Modules.Workforce.CreateReadCycle;
using MeterSync.Modules.Workforce.CreateReRead;
using MeterSync.Modules.Workforce.CreateRoute;
using MeterSync.Modules.Workforce.CreateSkip;
using MeterSync.Modules.Workforce.DeleteRoute;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Modules.Workforce.Field;
using MeterSync.Modules.Workforce.GetAgent;
using MeterSync.Modules.Workforce.GetAgentStats;
using MeterSync.Modules.Workforce.GetAgentTrack;
using MeterSync.Modules.Workforce.GetApproval;
using MeterSync.Modules.Workforce.GetAssignment;
using MeterSync.Modules.Workforce.GetCycleProgress;
using MeterSync.Modules.Workforce.GetReadCycle;
using MeterSync.Modules.Workforce.GetReadCycleClosing;
using MeterSync.Modules.Workforce.GetRegionStats;
using MeterSync.Modules.Workforce.GetRoute;
using MeterSync.Modules.Workforce.ListAgentAssignments;
using MeterSync.Modules.Workforce.ListAgents;
using MeterSync.Modules.Workforce.ListApprovals;
using MeterSync.Modules.Workforce.ListAssignments;
using MeterSync.Modules.Workforce.ListAvailableAgents;
using MeterSync.Modules.Workforce.ListCycleMeters;
using MeterSync.Modules.Workforce.ListFollowUps;
using MeterSync.Modules.Workforce.ListPendingApprovals;
using MeterSync.Modules.Workforce.ListReadCycles;
using MeterSync.Modules.Workforce.ListRoutes;
using MeterSync.Modules.Workforce.ListSkipCodes;
using MeterSync.Modules.Workforce.ListSkips;
using MeterSync.Modules.Workforce.ListVisits;
using MeterSync.Modules.Workforce.MarkOverdue;
using MeterSync.Modules.Workforce.OpenReadCycle;
using MeterSync.Modules.Workforce.Positions;
using MeterSync.Modules.Workforce.Public;
using MeterSync.Modules.Workforce.RejectRequest;
using MeterSync.Modules.Workforce.Reports;
using MeterSync.Modules.Workforce.ReviewRequest;
using MeterSync.Modules.Workforce.SetMyAssignmentStatus;
using MeterSync.Modules.Workforce.SetMyLocation;
using MeterSync.Modules.Workforce.SetMyStatus;
using MeterSync.Modules.Workforce.Store;
using MeterSync.Modules.Workforce.UpdateAgent;
using MeterSync.Modules.Workforce.UpdateAssignment;
using MeterSync.Modules.Workforce.UpdateRoute;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MeterSync.Modules.Workforce;

/// <summary>Who reads what and until when: agents, their work, cycles and routes, visits without a value, and decisions about what agents propose.</summary>
internal sealed class WorkforceModule : IModule
{
    public const string Title = "Workforce";

    public string Name => Title;

    public IReadOnlyList<GrantedPermission> Permissions => WorkforcePermissions.All;

    public IJsonTypeInfoResolver Json => WorkforceJson.Default;

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<WorkforceOptions>().Bind(configuration.GetSection(WorkforceOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped<WorkNews>();
        services.AddScoped<ChangeLog>();
        services.AddScoped<WorkBook>();
        services.AddScoped<GiveWork>();
        services.AddScoped<EndWork>();
        services.AddScoped<SkipBook>();
        services.AddScoped<IFieldLocks, FieldLocks>();
        services.AddScoped<AgentFields>();
        services.AddScoped<AgentViews>();
        services.AddScoped<AssignmentViews>();
        services.AddScoped<RouteBook>();
        services.AddScoped<RouteMeters>();
        services.AddScoped<CycleBook>();
        services.AddScoped<CycleCounts>();
        services.AddScoped<FollowUpBook>();
        services.AddScoped<ApprovalBook>();
        services.AddScoped<NewApprovals>();
        services.AddScoped<IFieldEntity, FieldStatuses>();
        services.AddScoped<IFieldEntity, FieldSkips>();
        services.AddScoped<IFieldEntity, FieldApprovals>();
        services.AddScoped<IFieldEntity, FoundMeters>();
        services.AddScoped<IFieldEntity, FieldLocations>();
        services.AddScoped<IFieldEntity, FieldAgentStatus>();
        services.AddScoped<IReportSource, DashboardReport>();
        services.AddScoped<IReportSource, AgentPerformanceReport>();
        services.AddScoped<IReportSource, MeterStatusReport>();
        services.AddScoped<IReportSource, ReadingsSummaryReport>();
        services.AddScoped<IReportSource, MissedReport>();
        services.AddScoped<IReportSource, SkipsReport>();
        services.AddScoped<IReportSource, OutOfRouteReport>();
        services.AddScoped<IReportSource, TimePerReadingReport>();
        services.AddScoped<IReportSource, CycleProgressReport>();
        services.AddScoped<IReportSource, HighLowReport>();
        services.AddScoped<RegionCounts>();
        services.AddScoped<IRegionWork, RegionWork>();
        services.AddScoped<ProveVisits>();
        services.AddScoped<IReadingFollower, FollowReadings>();
        services.AddScoped<IReadingWatcher, WatchReadings>();
        services.AddScoped<IAgentChanges, AgentChanges>();
        services.AddScoped<IVisitProofs, VisitProofs>();
        services.AddScoped<ExchangedCycles>();
        services.AddScoped<IExchangeFollower, FollowExchanges>();
        services.AddScoped<IMeterFollower, FollowMeters>();
        services.AddScoped<IPersonalData, WorkforcePersonalData>();
        services.AddScoped<IJobHandler, CloseCycleJob>();
        services.AddSingleton<WorkingHours>();
        services.AddSingleton<PositionRules>();
        services.AddSingleton<PositionWatch>();
        services.AddSingleton<IGaugeSource>(provider => provider.GetRequiredService<PositionWatch>());
        services.AddSingleton<IHealthProbe>(provider => provider.GetRequiredService<PositionWatch>());
        services.AddSingleton<PositionBuffer>();
        services.AddScoped<StoredPositions>();
        services.AddHostedService(provider => provider.GetRequiredService<PositionBuffer>());
        services.AddSingleton<OpenCycles>();
        services.AddSingleton<IStartTask>(provider => provider.GetRequiredService<OpenCycles>());
        services.TryAddSingleton<ICycleWindows>(provider => provider.GetRequiredService<OpenCycles>());
        services.AddHostedService(provider => provider.GetRequiredService<OpenCycles>());
        services.AddSingleton<OverdueWatch>();
        services.AddSingleton<IGaugeSource>(provider => provider.GetRequiredService<OverdueWatch>());
        services.AddSingleton<IHealthProbe>(provider => provider.GetRequiredService<OverdueWatch>());
        services.AddSingleton<IGaugeSource, WorkGauges>();
        services.AddSingleton<OverdueWork>();
        if (configuration["Roles"] is not { } roles || roles.Contains("all", StringComparison.Ordinal) || roles.Contains("worker", StringComparison.Ordinal))
        {
            services.AddHostedService(provider => provider.GetRequiredService<OverdueWork>());
        }

        services.AddScoped<ListAgentsHandler>();
        services.AddScoped<ListAvailableAgentsHandler>();
        services.AddScoped<CreateAgentHandler>();
        services.AddScoped<GetAgentHandler>();
        services.AddScoped<UpdateAgentHandler>();
        services.AddScoped<GetAgentStatsHandler>();
        services.AddScoped<GetAgentTrackHandler>();
        services.AddScoped<SetMyLocationHandler>();
        services.AddScoped<SetMyStatusHandler>();
        services.AddScoped<ListAssignmentsHandler>();
        services.AddScoped<CreateAssignmentHandler>();
        services.AddScoped<AssignMetersHandler>();
        services.AddScoped<GetAssignmentHandler>();
        services.AddScoped<UpdateAssignmentHandler>();
        services.AddScoped<ListAgentAssignmentsHandler>();
        services.AddScoped<SetMyAssignmentStatusHandler>();
        services.AddScoped<ListRoutesHandler>();
        services.AddScoped<CreateRouteHandler>();
        services.AddScoped<GetRouteHandler>();
        services.AddScoped<UpdateRouteHandler>();
        services.AddScoped<DeleteRouteHandler>();
        services.AddScoped<ListReadCyclesHandler>();
        services.AddScoped<CreateReadCycleHandler>();
        services.AddScoped<GetReadCycleHandler>();
        services.AddScoped<OpenReadCycleHandler>();
        services.AddScoped<CloseReadCycleHandler>();
        services.AddScoped<GetReadCycleClosingHandler>();
        services.AddScoped<GetCycleProgressHandler>();
        services.AddScoped<ListCycleMetersHandler>();
        services.AddScoped<GetRegionStatsHandler>();
        services.AddScoped<CreateSkipHandler>();
        services.AddScoped<ListSkipsHandler>();
        services.AddScoped<ListSkipCodesHandler>();
        services.AddScoped<CreateReReadHandler>();
        services.AddScoped<ListApprovalsHandler>();
        services.AddScoped<ListPendingApprovalsHandler>();
        services.AddScoped<CreateApprovalHandler>();
        services.AddScoped<GetApprovalHandler>();
        services.AddScoped<ApproveRequestHandler>();
        services.AddScoped<RejectRequestHandler>();
        services.AddScoped<ReviewRequestHandler>();
        services.AddScoped<ListFollowUpsHandler>();
        services.AddScoped<CloseFollowUpHandler>();
        services.AddScoped<ListVisitsHandler>();
    }

    public void ConfigureModel(ModelBuilder model) => WorkforceMapping.Configure(model);

    public void MapRoutes(IEndpointRouteBuilder api)
    {
        var agents = api.MapGroup("").WithTags("Agents");
        ListAgentsEndpoint.Map(agents);
        ListAvailableAgentsEndpoint.Map(agents);
        CreateAgentEndpoint.Map(agents);
        GetAgentEndpoint.Map(agents);
        UpdateAgentEndpoint.Map(agents);
        GetAgentStatsEndpoint.Map(agents);
        GetAgentTrackEndpoint.Map(agents);
        SetMyLocationEndpoint.Map(agents);
        SetMyStatusEndpoint.Map(agents);

        var assignments = api.MapGroup("").WithTags("Assignments");
        ListAssignmentsEndpoint.Map(assignments);
        CreateAssignmentEndpoint.Map(assignments);
        AssignMetersEndpoint.Map(assignments);
        GetAssignmentEndpoint.Map(assignments);
        UpdateAssignmentEndpoint.Map(assignments);
        ListAgentAssignmentsEndpoint.Map(assignments);
        SetMyAssignmentStatusEndpoint.Map(assignments);
        CreateSkipEndpoint.Map(assignments);
        ListSkipsEndpoint.Map(assignments);
        ListSkipCodesEndpoint.Map(assignments);
        CreateReReadEndpoint.Map(assignments);
        ListFollowUpsEndpoint.Map(assignments);
        CloseFollowUpEndpoint.Map(assignments);
        ListVisitsEndpoint.Map(assignments);

        var routes = api.MapGroup("").WithTags("Routes");
        ListRoutesEndpoint.Map(routes);
        CreateRouteEndpoint.Map(routes);
        GetRouteEndpoint.Map(routes);
        UpdateRouteEndpoint.Map(routes);
        DeleteRouteEndpoint.Map(routes);

        var cycles = api.MapGroup("").WithTags("Read cycles");
        ListReadCyclesEndpoint.Map(cycles);
        CreateReadCycleEndpoint.Map(cycles);
        GetReadCycleEndpoint.Map(cycles);
        OpenReadCycleEndpoint.Map(cycles);
        CloseReadCycleEndpoint.Map(cycles);
        GetReadCycleClosingEndpoint.Map(cycles);
        GetCycleProgressEndpoint.Map(cycles);
        ListCycleMetersEndpoint.Map(cycles);

        GetRegionStatsEndpoint.Map(api.MapGroup("").WithTags("Regions"));

        var approvals = api.MapGroup("").WithTags("Approvals");
        ListApprovalsEndpoint.Map(approvals);
        ListPendingApprovalsEndpoint.Map(approvals);
        CreateApprovalEndpoint.Map(approvals);
        GetApprovalEndpoint.Map(approvals);
        ApproveRequestEndpoint.Map(approvals);
        RejectRequestEndpoint.Map(approvals);
        ReviewRequestEndpoint.Map(approvals);
    }
}

[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(FieldStatusRequest))]
[JsonSerializable(typeof(FoundMeterRequest))]
[JsonSerializable(typeof(CreateAgentRequest))]
[JsonSerializable(typeof(UpdateAgentRequest))]
[JsonSerializable(typeof(SetMyLocationRequest))]
[JsonSerializable(typeof(SetMyStatusRequest))]
[JsonSerializable(typeof(CreateAssignmentRequest))]
[JsonSerializable(typeof(AssignMetersRequest))]
[JsonSerializable(typeof(UpdateAssignmentRequest))]
[JsonSerializable(typeof(SetMyAssignmentStatusRequest))]
[JsonSerializable(typeof(RouteRequest))]
[JsonSerializable(typeof(CreateReadCycleRequest))]
[JsonSerializable(typeof(OpenReadCycleRequest))]
[JsonSerializable(typeof(CloseReadCycleRequest))]
[JsonSerializable(typeof(CreateSkipRequest))]
[JsonSerializable(typeof(CreateReReadRequest))]
[JsonSerializable(typeof(CreateApprovalRequest))]
[JsonSerializable(typeof(ReviewNotesRequest))]
[JsonSerializable(typeof(CloseFollowUpRequest))]
[JsonSerializable(typeof(Envelope<AgentView>))]
[JsonSerializable(typeof(Envelope<Page<AgentView>>))]
[JsonSerializable(typeof(Envelope<AgentStatsView>))]
[JsonSerializable(typeof(Envelope<AgentTrackView>))]
[JsonSerializable(typeof(Envelope<MyLocationView>))]
[JsonSerializable(typeof(Envelope<AssignmentView>))]
[JsonSerializable(typeof(Envelope<Page<AssignmentView>>))]
[JsonSerializable(typeof(Envelope<AssignedView>))]
[JsonSerializable(typeof(Envelope<RouteView>))]
[JsonSerializable(typeof(Envelope<Page<RouteView>>))]
[JsonSerializable(typeof(Envelope<ReadCycleView>))]
[JsonSerializable(typeof(Envelope<Page<ReadCycleView>>))]
[JsonSerializable(typeof(Envelope<CycleProgressView>))]
[JsonSerializable(typeof(Envelope<Page<CycleMeterView>>))]
[JsonSerializable(typeof(Envelope<RegionStatsView>))]
[JsonSerializable(typeof(Envelope<SkipView>))]
[JsonSerializable(typeof(Envelope<Page<SkipView>>))]
[JsonSerializable(typeof(Envelope<SkipCodesView>))]
[JsonSerializable(typeof(Envelope<ReReadRequestView>))]
[JsonSerializable(typeof(Envelope<ApprovalView>))]
[JsonSerializable(typeof(Envelope<Page<ApprovalView>>))]
[JsonSerializable(typeof(Envelope<FollowUpView>))]
[JsonSerializable(typeof(Envelope<Page<FollowUpView>>))]
[JsonSerializable(typeof(Envelope<Page<VisitView>>))]
[JsonSerializable(typeof(Envelope<JobView>))]
internal sealed partial class WorkforceJson : JsonSerializerContext;
