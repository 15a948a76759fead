using System.ComponentModel.DataAnnotations;
using MeterSync.Kernel;
using MeterSync.Kernel.Web;
using MeterSync.Modules.Accounts.Domain;
using MeterSync.Modules.Accounts.Rights;
using MeterSync.Modules.Accounts.SignIn;
using MeterSync.Modules.Accounts.Store;
using MeterSync.Store;
using Microsoft.EntityFrameworkCore;

namespace MeterSync.Modules.Accounts.ErasePerson;

/// <param name="ConfirmEmail">The person's address, since erasing cannot be taken back.</param>
internal sealed record ErasePersonRequest([property: Required, StringLength(EmailName.MaximumLength)] string? ConfirmEmail);

internal static class ErasePersonEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/users/{id:guid}/erase", async (Guid id, ErasePersonRequest request, ErasePersonHandler handler, CancellationToken cancellationToken) =>
                (await handler.HandleAsync(new UserId(id), request, cancellationToken)).ToAnswer("What was known about the person is erased; what the person did stays on record without a name."))
            .Slice<Done>("ErasePerson", "Forget a person for good, in the audit log too").RequirePersonWith(AccountPermissions.EraseUsers)
            .BodyLike("""{"confirm_email":"ines@example.com"}""");
}

internal sealed class ErasePersonHandler(MeterSyncDb db, IEnumerable<IPersonalData> places, AdminGuard admins, Grants grants, KeyRing keys, AccessDirectory directory, CallerAccessor callers, WriteTransactions transactions)
{
    public async Task<Outcome<Done>> HandleAsync(UserId id, ErasePersonRequest request, CancellationToken cancellationToken)
    {
        List<SessionId> sessions = [];
        var outcome = await transactions.RunAsync<Done>(
            async token =>
            {
                var user = await db.Set<User>().AsNoTracking().FirstOrDefaultAsync(candidate => candidate.Id == id, token);
                if (user is null)
                {
                    return AccountProblems.UserNotFound.Because("There is no such user.");
                }

                if (callers.Caller.UserId == id)
                {
                    return KernelProblems.Invalid.For("id", "Nobody erases himself: ask another administrator.");
                }

                if (!string.Equals(EmailName.Normalise(request.ConfirmEmail, out _), user.Email, StringComparison.Ordinal))
                {
                    return KernelProblems.Invalid.For("confirm_email", "This is not the person's e-mail address. Give it as it stands in the account, so that nobody is erased by mistake.");
                }

                if (grants.RefuseChangeOf(user) is { } mighty)
                {
                    return mighty;
                }

                if (AdminGuard.IsAdmin(user) && await admins.RefuseLastAsync(id, token) is { } last)
                {
                    return last;
                }

                sessions = await db.Set<Session>().Where(session => session.UserId == id).Select(session => session.Id).ToListAsync(token);
                foreach (var place in places)
                {
                    await place.EraseAsync(id, token);
                }

                return Done.It;
            },
            cancellationToken);
        if (outcome.Succeeded)
        {
            keys.Revoke(sessions);
            await directory.FollowAsync();
        }

        return outcome;
    }
}
