using MeterSync.Modules.Billing.Domain;
using MeterSync.Store.Model;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Billing.Store;

internal static class BillingMapping
{
    public static void Configure(ModelBuilder model)
    {
        var run = model.Entity<BillingRun>();
        run.ToTable("billing_runs");
        run.HasKey(r => r.Id);
        run.Ignore(r => r.AuditName);
        run.Ignore(r => r.AuditId);
        run.Ignore(r => r.PersonId);
        run.Property(r => r.Totals).IsJson();
        run.HasIndex(r => r.JobId).IsUnique();
        run.HasIndex(r => r.PeriodFrom);
        run.HasIndex(r => new { r.CreatedAt, r.Id });

        var adjustment = model.Entity<BillingAdjustment>();
        adjustment.ToTable("billing_adjustments");
        adjustment.HasKey(a => new { a.RunId, a.Number });
        adjustment.Ignore(a => a.AuditName);
        adjustment.Ignore(a => a.AuditId);
        adjustment.Ignore(a => a.PersonId);
        adjustment.Property(a => a.Totals).IsJson();
        adjustment.HasOne<BillingRun>().WithMany().HasForeignKey(a => a.RunId).OnDelete(DeleteBehavior.ClientNoAction);

        var line = model.Entity<BillingLine>();
        line.ToTable("billing_lines");
        line.HasKey(l => new { l.RunId, l.LineNumber, l.Adjustment });
        line.Property(l => l.Inputs).IsJson();
        line.HasIndex(l => new { l.RunId, l.Adjustment, l.LineNumber });
        line.HasIndex(l => new { l.RunId, l.RegisterId });
        line.HasOne<BillingRun>().WithMany().HasForeignKey(l => l.RunId).OnDelete(DeleteBehavior.ClientNoAction);
    }
}
