using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Store;
using MeterSync.Store.Audit;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.ExportPersonalData;

internal static class ExportPersonalDataEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/users/{id:guid}/personal-data", async (Guid id, ExportPersonalDataHandler handler, CancellationToken cancellationToken) => await handler.HandleAsync(new UserId(id), cancellationToken))
            .WithName("ExportPersonalData").WithSummary("Everything that is known about a person, as one JSON file").Produces(StatusCodes.Status200OK, contentType: "application/json").RequirePermission(AccountPermissions.EraseUsers);
}

internal sealed class ExportPersonalDataHandler(MeterSyncDb db, IEnumerable<IPersonalData> places)
{
    public async Task<IResult> HandleAsync(UserId id, CancellationToken cancellationToken)
    {
        if (await db.Set<User>().AsNoTracking().FirstOrDefaultAsync(candidate => candidate.Id == id, cancellationToken) is not { } user)
        {
            return ((Outcome<Done>)AccountProblems.UserNotFound.Because("There is no such user.")).ToAnswer();
        }

        db.Add(await AuditTrail.ComposeAsync(db, "personal_data.exported", user.AuditName, id.Value, null, null, cancellationToken));
        await db.SaveChangesAsync(cancellationToken);
        return new PersonalDataFile(id, [.. places]);
    }
}
