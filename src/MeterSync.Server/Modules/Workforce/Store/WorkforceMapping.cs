using MeterSync.Kernel;
using MeterSync.Modules.Workforce.Domain;
using MeterSync.Store.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MeterSync.Modules.Workforce.Store;

/// <summary>Foreign keys into other modules' tables stand in the schema alone.</summary>
internal static class WorkforceMapping
{
    public static void Configure(ModelBuilder model)
    {
        var agent = Table<Agent>(model, "agents");
        agent.HasKey(a => a.Id);
        agent.Ignore(a => a.PersonId);
        agent.HasIndex(a => a.RegionId);

        var position = model.Entity<AgentPosition>();
        position.ToTable("agent_positions");
        position.HasKey(p => new { p.AgentId, p.At });
        position.HasIndex(p => p.At);
        position.HasOne<Agent>().WithMany().HasForeignKey(p => p.AgentId).OnDelete(DeleteBehavior.ClientNoAction);

        var change = model.Entity<AgentChange>();
        change.ToTable("agent_changes");
        change.HasKey(c => new { c.AgentId, c.Seq });
        change.HasIndex(c => c.At);
        change.HasOne<Agent>().WithMany().HasForeignKey(c => c.AgentId).OnDelete(DeleteBehavior.ClientNoAction);

        var cycle = Table<ReadCycle>(model, "read_cycles");
        cycle.HasKey(c => c.Id);
        cycle.HasIndex(c => c.RegionId);
        cycle.HasIndex(c => c.PreviousId);
        cycle.HasIndex(c => new { c.Status, c.WindowFrom });
        cycle.HasOne<ReadCycle>().WithMany().HasForeignKey(c => c.PreviousId).OnDelete(DeleteBehavior.ClientNoAction);

        var due = model.Entity<CycleMeter>();
        due.ToTable("cycle_meters");
        due.HasKey(m => new { m.CycleId, m.MeterId });
        due.HasIndex(m => m.MeterId);
        due.HasIndex(m => m.SuccessorId);
        due.HasOne<ReadCycle>().WithMany().HasForeignKey(m => m.CycleId).OnDelete(DeleteBehavior.ClientNoAction);

        var route = Table<WalkRoute>(model, "routes");
        route.HasKey(r => r.Id);
        route.HasIndex(r => r.NameKey).IsUnique();
        route.HasIndex(r => r.RegionId);
        route.HasIndex(r => r.AgentId);
        route.HasOne<Agent>().WithMany().HasForeignKey(r => r.AgentId).OnDelete(DeleteBehavior.ClientNoAction);

        var stop = model.Entity<RouteStop>();
        stop.ToTable("route_stops");
        stop.HasKey(s => new { s.RouteId, s.Position });
        stop.HasIndex(s => new { s.RouteId, s.ServicePointId }).IsUnique();
        stop.HasIndex(s => s.ServicePointId);
        stop.HasOne<WalkRoute>().WithMany().HasForeignKey(s => s.RouteId).OnDelete(DeleteBehavior.ClientNoAction);

        var assignment = Table<Assignment>(model, "assignments");
        assignment.HasKey(a => a.Id);
        assignment.Ignore(a => a.IsOpen);
        assignment.HasIndex(a => a.MeterId).IsUnique();
        assignment.HasIndex(a => new { a.MeterId, a.AgentId });
        assignment.HasIndex(a => new { a.AgentId, a.Status });
        assignment.HasIndex(a => new { a.AgentId, a.MeterId });
        assignment.HasIndex(a => new { a.CycleId, a.Status, a.AgentId, a.CompletedAt });
        assignment.HasIndex(a => a.RouteId);
        assignment.HasIndex(a => a.ReadingId);
        assignment.HasIndex(a => a.ReReadId);
        assignment.HasIndex(a => a.MovedFromId);
        assignment.HasIndex(a => a.DueAt);
        assignment.HasIndex(a => new { a.AssignedAt, a.Id });
        assignment.HasOne<Agent>().WithMany().HasForeignKey(a => a.AgentId).OnDelete(DeleteBehavior.ClientNoAction);
        assignment.HasOne<ReadCycle>().WithMany().HasForeignKey(a => a.CycleId).OnDelete(DeleteBehavior.ClientNoAction);
        assignment.HasOne<WalkRoute>().WithMany().HasForeignKey(a => a.RouteId).OnDelete(DeleteBehavior.ClientNoAction);
        assignment.HasOne<Assignment>().WithMany().HasForeignKey(a => a.MovedFromId).OnDelete(DeleteBehavior.ClientNoAction);

        var skip = Table<Skip>(model, "skips");
        skip.HasKey(s => s.Id);
        skip.HasIndex(s => s.ClientId).IsUnique();
        skip.HasIndex(s => new { s.MeterId, s.SkippedAt });
        skip.HasIndex(s => new { s.SkippedAt, s.Id });
        skip.HasIndex(s => new { s.AgentId, s.SkippedAt });
        skip.HasIndex(s => s.ServicePointId);
        skip.HasIndex(s => new { s.CycleId, s.MeterId });
        skip.HasIndex(s => s.AssignmentId);
        skip.HasOne<ReadCycle>().WithMany().HasForeignKey(s => s.CycleId).OnDelete(DeleteBehavior.ClientNoAction);
        skip.HasOne<Assignment>().WithMany().HasForeignKey(s => s.AssignmentId).OnDelete(DeleteBehavior.ClientNoAction);

        var followUp = Table<FollowUp>(model, "follow_ups");
        followUp.HasKey(f => f.Id);
        followUp.HasIndex(f => new { f.MeterId, f.Reason }).IsUnique();
        followUp.HasIndex(f => f.MeterId);
        followUp.HasIndex(f => new { f.OpenedAt, f.Id });

        var visit = model.Entity<Visit>();
        visit.ToTable("visits");
        visit.HasKey(v => v.ReadingId);
        visit.Property(v => v.Reasons).IsJson();
        visit.HasIndex(v => new { v.AgentId, v.At });
        visit.HasIndex(v => v.MeterId);
        visit.HasIndex(v => new { v.At, v.ReadingId });

        var request = Table<ApprovalRequest>(model, "approval_requests");
        request.HasKey(r => r.Id);
        request.Ignore(r => r.IsDecided);
        request.Property(r => r.MeterData).IsJson();
        request.Property(r => r.BeforeData).IsJson();
        request.Property(r => r.Photos).IsJson();
        request.HasIndex(r => r.ClientId).IsUnique();
        request.HasIndex(r => new { r.Status, r.SubmittedAt });
        request.HasIndex(r => r.MeterId);
        request.HasIndex(r => r.AgentId);
        request.HasIndex(r => new { r.SubmittedAt, r.Id });
        request.HasIndex(r => r.ReadingId).IsUnique();

        var decision = model.Entity<ApprovalDecision>();
        decision.ToTable("approval_decisions");
        decision.HasKey(d => new { d.RequestId, d.Step, d.DecidedAt });
        decision.HasOne<ApprovalRequest>().WithMany().HasForeignKey(d => d.RequestId).OnDelete(DeleteBehavior.ClientNoAction);
    }

    private static EntityTypeBuilder<TEntity> Table<TEntity>(ModelBuilder model, string name)
        where TEntity : class, IAudited
    {
        var entity = model.Entity<TEntity>();
        entity.ToTable(name);
        entity.Ignore(nameof(IAudited.AuditName));
        entity.Ignore(nameof(IAudited.AuditId));
        if (typeof(IVersioned).IsAssignableFrom(typeof(TEntity)))
        {
            entity.Property(nameof(IVersioned.Version)).IsConcurrencyToken();
        }

        return entity;
    }
}
